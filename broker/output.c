/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker makes a pipe for each stream of an entity and sends the reading end, with a name, over
 * a socket to the supervisor, which pumps. A terminal that stands still, or a reader that is slow,
 * holds up the entities that write and nobody else; the broker never writes for them.
 */
#include "broker/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/fd.h"
#include "core/limits.h"

/* Longer lines are broken. */
#define LINE_BYTES_MAX 4096

/* What announces a stream. */
struct stream_message {
    uint32_t is_error;
    char name[NAME_BYTES_MAX + 1];
};

struct stream {
    int fd;
    int log; /* -1 for none */
    bool is_error;
    char name[NAME_BYTES_MAX + 1];
    unsigned colour;
    size_t used;
    char line[LINE_BYTES_MAX];
    struct stream *next;
};

/*
 * @socket:  where streams are announced; -1 once no more will come
 * @dropped: nobody reads our output, and the run is to end
 */
struct output {
    int epoll;
    int socket;
    struct output_options options;
    bool dropped;
    unsigned n_names;
    struct stream *streams;
};

/*
 * output_open() - a stream for an entity
 * @socket:          to the pump
 * @name:            of the entity; "" for the broker itself, whose lines stand as they are
 * @ret_writing_end: owned by the caller
 *
 * Return: 0; negative errno.
 */
int output_open(int socket, const char *name, bool is_error, int *ret_writing_end)
{
    struct stream_message message = {.is_error = is_error};
    struct iovec part = {.iov_base = &message, .iov_len = sizeof(message)};
    int ends[2];

    strncpy(message.name, name, NAME_BYTES_MAX);
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -errno;
    }
    int r = fd_send(socket, &part, 1, ends[0], 0);
    fd_close(ends[0]);
    if (r != 0) {
        fd_close(ends[1]);
        return r;
    }
    *ret_writing_end = ends[1];
    return 0;
}

static int output_watch(struct output *output, int fd, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

    return epoll_ctl(output->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/*
 * output_new() - a pump
 * @socket:  consumed, on failure too
 * @options: copied
 *
 * Return: 0; negative errno.
 */
int output_new(int socket, const struct output_options *options, struct output **ret_output)
{
    struct output *output = calloc(1, sizeof(*output));

    if (output == NULL) {
        fd_close(socket);
        return -ENOMEM;
    }
    *output = (struct output){
        .socket = socket, .options = *options, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    int r = output->epoll < 0 ? -errno : output_watch(output, socket, output);
    if (r != 0) {
        output_free(output);
        return r;
    }
    *ret_output = output;
    return 0;
}

/* output_fd() - readable whenever output_pump() has something to do; borrowed */
int output_fd(const struct output *output)
{
    return output->epoll;
}

static void stream_free(struct output *output, struct stream *stream)
{
    struct stream **at = &output->streams;

    while (*at != stream) {
        at = &(*at)->next;
    }
    *at = stream->next;
    fd_close(stream->fd);
    fd_close(stream->log);
    free(stream);
}

/* output_free() - stop pumping. Return: NULL. */
struct output *output_free(struct output *output)
{
    while (output->streams != NULL) {
        stream_free(output, output->streams);
    }
    fd_close(output->socket);
    fd_close(output->epoll);
    free(output);
    return NULL;
}

/* wait_for_reader() - wait until @fd takes PIPE_BUF bytes at once. Return: false: the output is to
 * be dropped. */
static bool wait_for_reader(struct output *output, int fd)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLOUT},
                            {.fd = output->options.interrupts, .events = POLLIN}};

    while (!output->dropped) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            return false;
        }
        if (fds[0].revents != 0) {
            return true;
        }
        output->dropped = fds[1].revents != 0 && !output->options.interrupted(output->options.data);
    }
    return false;
}

/* write_all() - write what can be written; output that nobody wants any more is no reason to stop
 * the solution */
static void write_all(struct output *output, int fd, const char *bytes, size_t size)
{
    while (size > 0 && wait_for_reader(output, fd)) {
        ssize_t n = write(fd, bytes, size < PIPE_BUF ? size : PIPE_BUF);
        if (n < 0 && errno != EINTR && errno != EAGAIN) {
            return;
        }
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
}

/* write_line() - one line, with its line end, in a single write so that others' lines stay whole
 * too */
static void write_line(struct output *output, const struct stream *stream, const char *line,
                       size_t size)
{
    static const char *const colours[] = {"36", "33", "32", "35", "34", "31"};
    char bytes[LINE_BYTES_MAX + NAME_BYTES_MAX + 64];
    int used = 0;

    bool prefix = output->options.prefix && stream->name[0] != '\0';
    if (prefix && output->options.colour) {
        used = snprintf(bytes, sizeof(bytes), "\033[%sm%-*s |\033[0m ",
                        colours[stream->colour % (sizeof(colours) / sizeof(colours[0]))],
                        (int)output->options.name_width, stream->name);
    } else if (prefix) {
        used = snprintf(bytes, sizeof(bytes), "%-*s | ", (int)output->options.name_width,
                        stream->name);
    }
    memcpy(bytes + used, line, size);
    if (stream->log >= 0) {
        (void)!write(stream->log, line, size); /* a full disk stops nobody */
    }
    write_all(output, stream->is_error ? STDERR_FILENO : STDOUT_FILENO, bytes, (size_t)used + size);
}

/* stream_flush() - write the whole lines that are there, and the rest too if it must go */
static void stream_flush(struct output *output, struct stream *stream, bool ended)
{
    char *line = stream->line;
    size_t left = stream->used;
    char *end;

    while ((end = memchr(line, '\n', left)) != NULL) {
        size_t size = (size_t)(end - line) + 1;
        write_line(output, stream, line, size);
        line += size;
        left -= size;
    }
    memmove(stream->line, line, left);
    if (left == LINE_BYTES_MAX - 1 || (ended && left > 0)) {
        stream->line[left++] = '\n';
        write_line(output, stream, stream->line, left);
        left = 0;
    }
    stream->used = left;
}

/* stream_read() - take what an entity wrote */
static void stream_read(struct output *output, struct stream *stream)
{
    ssize_t n = read(stream->fd, stream->line + stream->used, LINE_BYTES_MAX - 1 - stream->used);

    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    stream->used += n > 0 ? (size_t)n : 0;
    stream_flush(output, stream, n <= 0);
    if (n <= 0) {
        stream_free(output, stream);
    }
}

/* colour_of() - the colour of a name, the same for both of its streams */
static unsigned colour_of(struct output *output, const char *name)
{
    for (const struct stream *stream = output->streams; stream != NULL; stream = stream->next) {
        if (strcmp(stream->name, name) == 0) {
            return stream->colour;
        }
    }
    return output->n_names++;
}

/* open_log() - the file of an entity; the first stream of its name empties it. Return: -1 for none.
 */
static int open_log(const struct output *output, const char *name, bool is_first)
{
    char file[NAME_BYTES_MAX + sizeof(".log")];
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (is_first ? O_TRUNC : 0);

    if (output->options.logs < 0 || name[0] == '\0') {
        return -1;
    }
    (void)snprintf(file, sizeof(file), "%s.log", name);
    for (char *slash = file; (slash = strchr(slash, '/')) != NULL;) {
        *slash = '_';
    }
    int fd = openat(output->options.logs, file, flags, 0644);
    if (fd < 0) {
        (void)fprintf(stderr, "capchan: --log: %s: %s\n", file, strerror(errno));
    }
    return fd;
}

/* output_accept() - take a new stream. Return: false when no more will come. */
static bool output_accept(struct output *output)
{
    struct stream_message message;
    struct fd_list fds;
    size_t size;

    if (fd_receive(output->socket, &message, sizeof(message), 0, &size, &fds) != 0) {
        return false;
    }
    CLEANUP(fd_close_p) int fd = fd_list_take(&fds);
    fd_list_deinit(&fds);
    if (size != sizeof(message)) {
        return false;
    }
    struct stream *stream = fd < 0 ? NULL : malloc(sizeof(*stream));
    if (stream == NULL) {
        return true; /* the entity's writes fail, which is all that is lost */
    }
    stream->fd = fd;
    stream->is_error = message.is_error != 0;
    memcpy(stream->name, message.name, sizeof(stream->name));
    stream->name[NAME_BYTES_MAX] = '\0';
    unsigned n_names = output->n_names;
    stream->colour = colour_of(output, stream->name);
    stream->log = open_log(output, stream->name, output->n_names > n_names);
    stream->used = 0;
    stream->next = output->streams;
    output->streams = stream;
    fd = -1;
    if (output_watch(output, stream->fd, stream) != 0) {
        stream_free(output, stream);
    }
    return true;
}

/*
 * output_pump() - do what there is to do, without waiting for more
 *
 * Return: whether more can come: false once the broker and every stream is gone.
 */
bool output_pump(struct output *output)
{
    struct epoll_event event;

    while (epoll_wait(output->epoll, &event, 1, 0) == 1) {
        if (event.data.ptr != output) {
            stream_read(output, event.data.ptr);
        } else if (!output_accept(output)) {
            (void)epoll_ctl(output->epoll, EPOLL_CTL_DEL, output->socket, NULL);
            output->socket = fd_close(output->socket);
        }
    }
    return output->socket >= 0 || output->streams != NULL;
}
