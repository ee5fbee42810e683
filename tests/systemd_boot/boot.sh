#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Becomes the systemd of a machine that is a throw-away copy of this one, in namespaces that machine.py has made:
#
#   boot.sh WORK PROJECT       WORK is an empty directory; PROJECT is seen there under its own name, to read
set -euo pipefail

readonly work=$1 project=$2 root=$1/root

mount -t tmpfs -o size=2g,mode=755 tmpfs "$work"
mkdir "$work/upper" "$work/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" overlay "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"

mkdir -p "$root$project"
mount --bind "$project" "$root$project"
mount -o remount,bind,ro "$root$project"

tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
echo certferry-test >"$root/etc/hostname"
cd "$root"
mkdir -p oldroot
pivot_root . oldroot
umount --lazy /oldroot
# As a container's manager leaves it: systemd mounts a service's credentials where they have to spread from.
mount --make-rshared /
exec env -i container=certferry-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --log-target=journal --unit=basic.target
