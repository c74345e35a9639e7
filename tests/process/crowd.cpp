// SPDX-License-Identifier: Apache-2.0
/// A crowd of small processes for killtree_test: `crowd N` forks N children, each in a session of its own and waiting
/// for ever, then makes the file "ready". Static and small: what is measured is the ending of processes, not their
/// start.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

int main(int count, char **arguments)
{
    for (int i = count > 1 ? atoi(arguments[1]) : 0; i > 0; --i) {
        if (fork() == 0) {
            setsid();
            while (true)
                pause();
        }
    }
    close(open("ready", O_CREAT | O_WRONLY, 0600));
    while (true)
        pause();
}
