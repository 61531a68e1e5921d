#!/bin/sh
# kernel_quota.sh - disk quotas of ext4 and XFS under a kernel that has them.
# The file systems are in memory.
export LAB_PREPARE='
	modprobe -d /run/kernel -a loop quota_v2 &&
	truncate -s 64M /tmp/ext4 && truncate -s 400M /tmp/xfs &&
	mkfs.ext4 -q -O quota,project \
		-E quotatype=usrquota:grpquota:prjquota,root_owner=0:0 \
		/tmp/ext4 &&
	mkfs.xfs -q /tmp/xfs &&
	mount -o loop,usrquota,grpquota,prjquota /tmp/ext4 /mnt &&
	mount -o loop,uquota,gquota,pquota /tmp/xfs /media'
exec "${0%/*}/under_kernel" kernel_quota "kernel_quota" ""
