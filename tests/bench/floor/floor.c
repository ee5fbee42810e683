// SPDX-License-Identifier: MIT
// As quick as a reaction to a renewal can be: a watched directory, a TLS connection that is kept, and a request that was
// written beforehand, of a kind that needs no signature. It reads, checks, signs and remembers nothing.
//
//   certferry_floor DIRECTORY FILE PORT CA < REQUEST
//
// Writes "ready" once it watches and is connected, sends REQUEST whenever FILE is renamed into DIRECTORY, reads the
// answer, and ends with its standard output's reader or the connection.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

static char request[65536];

static void check(int holds, const char* what) {
    if (holds) return;
    fprintf(stderr, "certferry_floor: %s\n", what);
    exit(1);
}

static SSL* connect_to(int port, const char* ca) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    check(connect(descriptor, (struct sockaddr*)&address, sizeof address) == 0, "cannot connect");
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    check(SSL_CTX_load_verify_locations(context, ca, NULL) == 1, "cannot read the CA");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL* const tls = SSL_new(context);
    SSL_set_fd(tls, descriptor);
    check(SSL_connect(tls) == 1, "cannot shake hands");
    return tls;
}

static void wait_for(int watcher, const char* file) {
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    for (;;) {
        const ssize_t size = read(watcher, events, sizeof events);
        check(size > 0, "cannot read events");
        for (const char* at = events; at < events + size;) {
            const struct inotify_event* const event = (const struct inotify_event*)at;
            if (event->len > 0 && strcmp(event->name, file) == 0) return;
            at += sizeof *event + event->len;
        }
    }
}

int main(int argc, char** argv) {
    check(argc == 5, "usage: certferry_floor DIRECTORY FILE PORT CA < REQUEST");
    const size_t size = fread(request, 1, sizeof request, stdin);
    const int watcher = inotify_init1(IN_CLOEXEC);
    check(inotify_add_watch(watcher, argv[1], IN_MOVED_TO) >= 0, "cannot watch");
    SSL* const tls = connect_to(atoi(argv[3]), argv[4]);
    puts("ready");
    fflush(stdout);
    for (;;) {
        char answer[16384];
        wait_for(watcher, argv[2]);
        check(SSL_write(tls, request, (int)size) > 0, "cannot send");
        check(SSL_read(tls, answer, sizeof answer) > 0, "no answer");
    }
}
