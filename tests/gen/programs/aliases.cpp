// SPDX-License-Identifier: Apache-2.0
#include "aliases.h"

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

int main()
{
    struct Writer : Write {
    } writer;
    struct Table : private IToken_ops {
        Table() : IToken_ops{}
        {
            IToken_ops::Write = write_token;
        }
        const IToken_ops *get()
        {
            return this;
        }
    } table;
    Write_ops ops{};
    Initialization_ops init_ops{};
    IToken token{table.get()};
    Initialization init{&init_ops};
    Tower_entity_req req{};
    Tower_entity_res res{};
    Logger_entity_res log_res{};
    NkKosTransport transport{};

    ops.Write = write_text;
    writer.ops = &ops;
    init_ops.Initialization = initialize;
    return edit(&req, &res, &log_res) + assemble(&writer, &token, &init) + call(&transport) +
           close_handle(nullptr, INVALID_HANDLE) +
           static_cast<int>(std::min(1U, Write_MaxTextLength) + write(1, "", 0));
}
