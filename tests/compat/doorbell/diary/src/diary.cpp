/* SPDX-License-Identifier: Apache-2.0 */
#include <iostream>
#include <string>

#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <doorbell/Diary.edl.h>

class Diary : public doorbell_ILog
{
  public:
    Diary()
    {
        static doorbell_ILog_ops table{};
        table.write = Write;
        ops = &table;
    }

  private:
    static nk_err_t Write(doorbell_ILog *self, const doorbell_ILog_write_req *req,
                          const nk_arena *reqArena, doorbell_ILog_write_res *res, nk_arena *)
    {
        uint64_t size = 0;
        const auto *line = nk_arena_get(nk_char_t, reqArena, &req->line, &size);

        if (line == nullptr) {
            nk_err_reset(res);
            res->err_.status = rcInvalidArgument;
            return NK_EOK;
        }
        std::cerr << "page " << ++static_cast<Diary *>(self)->page << ": "
                  << std::string(line, size - 1) << std::endl;
        return NK_EOK;
    }

    int page{0};
};

int main()
{
    Diary diary;
    doorbell_Diary_entity entity;
    Handle handle = ServiceLocatorRegister("diary_channel", nullptr, 0, nullptr);

    doorbell_Diary_entity_init(&entity, &diary);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(doorbell_Diary, entity);
    return NkKosDoDispatch(handle, &info);
}
