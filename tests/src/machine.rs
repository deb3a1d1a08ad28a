//! A machine that is not as it should be: a clock that is wrong, a disk that is full. The program
//! is the real one; what it asks of the C library is answered by a small library before it.

use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long setting(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int outcome = syscall(SYS_clock_gettime, clock, now);
    if (outcome == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += setting("CLOCK_AHEAD", 0);
    return outcome;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

static atomic_long grown;

/* Whether the disk of DISK_FOLDER has room for what a write would add to its file. */
static int fits(int file, off_t from, size_t length) {
    const char *folder = getenv("DISK_FOLDER");
    if (!folder) return 1;
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t known = readlink(name, path, sizeof path - 1);
    if (known < 0) return 1;
    path[known] = 0;
    struct stat about;
    if (strncmp(path, folder, strlen(folder)) != 0 || fstat(file, &about) != 0) return 1;
    long more = (long)(from + (off_t)length - about.st_size);
    if (more <= 0) return 1;
    return atomic_fetch_add(&grown, more) + more <= setting("DISK_ROOM", 0);
}

static ssize_t full(void) { errno = ENOSPC; return -1; }

ssize_t write(int file, const void *bytes, size_t length) {
    off_t from = getenv("DISK_FOLDER") ? lseek(file, 0, SEEK_CUR) : 0;
    if (from >= 0 && !fits(file, from, length)) return full();
    return syscall(SYS_write, file, bytes, length);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off_t from) {
    if (!fits(file, from, length)) return full();
    return syscall(SYS_pwrite64, file, bytes, length, from);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t from) {
    return pwrite64(file, bytes, length, from);
}
"#;

pub struct Machine {
    library: PathBuf,
}

impl Machine {
    /// Needs the C compiler that the database is built with.
    pub fn new(folder: &Path) -> Self {
        let source = folder.join("machine.c");
        let library = folder.join("machine.so");
        std::fs::write(&source, SOURCE).expect("a source");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .status();
        assert!(made.is_ok_and(|status| status.success()), "cc makes it");
        Self { library }
    }

    /// Negative: behind.
    pub fn clock_ahead(&self, mut command: Command, seconds: i64) -> Command {
        command
            .env("LD_PRELOAD", &self.library)
            .env("CLOCK_AHEAD", seconds.to_string());
        command
    }

    /// Files in `folder` grow by so many bytes and no further.
    pub fn disk_room(&self, mut command: Command, folder: &Path, bytes: u64) -> Command {
        command
            .env("LD_PRELOAD", &self.library)
            .env("DISK_FOLDER", folder)
            .env("DISK_ROOM", bytes.to_string());
        command
    }
}
