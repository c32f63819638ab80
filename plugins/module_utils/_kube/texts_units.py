# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""The units of systemd and the small files that machines get."""

from __future__ import annotations

KUBEADM = """[Unit]
Description=Make this machine a node of the Kubernetes cluster
Wants=network-online.target
Requires=containerd.service coreos-metadata.service
After=containerd.service coreos-metadata.service network-online.target systemd-sysext.service
ConditionPathExists=!/etc/kubernetes/kubeadm.done

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=/run/metadata/*
ExecStart=/opt/bin/kube-aws-kubeadm
Restart=on-failure
RestartSec=15

[Install]
WantedBy=multi-user.target
"""

ADDONS = """[Unit]
Description=Network, cloud controller and names of the Kubernetes cluster
Requires=kubeadm.service
After=kubeadm.service
ConditionPathExists=!/etc/kubernetes/addons.done

[Service]
Type=oneshot
RemainAfterExit=yes
Environment=KUBECONFIG=/etc/kubernetes/admin.conf
ExecStartPre=/bin/bash -c 'until /usr/bin/kubectl get --raw /readyz; do sleep 2; done'
ExecStart=/usr/bin/kubectl apply --server-side --force-conflicts --filename /etc/kubernetes/addons/
ExecStartPost=/bin/touch /etc/kubernetes/addons.done
Restart=on-failure
RestartSec=15

[Install]
WantedBy=multi-user.target
"""

ETCD_VOLUME = """[Unit]
Description=Volume of etcd
Before=kubeadm.service kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/opt/bin/kube-aws-etcd-volume
TimeoutStartSec=30min

[Install]
WantedBy=multi-user.target
"""

NEEDS_ETCD_VOLUME = """[Unit]
Requires=kube-aws-etcd-volume.service
After=kube-aws-etcd-volume.service
"""

RENEW_CERTIFICATES = """[Unit]
Description=Renew the certificates of the control plane
ConditionPathExists=/etc/kubernetes/kubeadm.done

[Service]
Type=oneshot
ExecStart=/opt/bin/kube-aws-renew-certificates
"""

RENEW_CERTIFICATES_TIMER = """[Unit]
Description=Look at the certificates of the control plane every week

[Timer]
OnCalendar=weekly
RandomizedDelaySec=1day
Persistent=true

[Install]
WantedBy=timers.target
"""

# Kubernetes alone is brought up to date, and the machine restarts when somebody lets it.
PATCH_KUBERNETES = """[Service]
ExecStart=
ExecStart=/usr/lib/systemd/systemd-sysupdate --component=kubernetes update
ExecStartPre=/bin/sh -c 'readlink --canonicalize /etc/extensions/kubernetes.raw >/run/kubernetes-before'
ExecStartPost=/bin/sh -c 'readlink --canonicalize /etc/extensions/kubernetes.raw >/run/kubernetes-after'
ExecStartPost=/bin/sh -c 'cmp --silent /run/kubernetes-before /run/kubernetes-after || touch /run/reboot-required'
"""

SYSUPDATE = """[Transfer]
Verify=false

[Source]
Type=url-file
Path=@BASE_URL@/kubernetes/
MatchPattern=kubernetes-v@MINOR@.@v-%a.raw

[Target]
Type=regular-file
Path=/opt/extensions/kubernetes
MatchPattern=kubernetes-v@MINOR@.@v-%a.raw
CurrentSymlink=/etc/extensions/kubernetes.raw
InstancesMax=3
"""

MODULES = """overlay
br_netfilter
"""

SYSCTL = """net.bridge.bridge-nf-call-iptables = 1
net.bridge.bridge-nf-call-ip6tables = 1
net.ipv4.ip_forward = 1
"""

CRICTL = """runtime-endpoint: unix:///run/containerd/containerd.sock
"""

# networkd would ask for addresses on the interfaces of pods.
UNMANAGED_INTERFACES = """[Match]
Name=cni* flannel* veth* cali* tunl* vxlan.calico cilium* lxc*

[Link]
Unmanaged=yes
"""
