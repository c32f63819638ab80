#!/bin/sh
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes what is looked at: users, files, programs, units, and a network that is the same on every machine.
set -e

groupadd --gid 3100 web
groupadd --gid 3101 webadmin
useradd --uid 3100 --gid web --groups webadmin --home-dir /srv/people/ann --shell /bin/bash ann
chage --mindays 7 --maxdays 90 ann

mkdir -p /srv/oracle /srv/people/ann/.ssh
cat >/srv/people/ann/.ssh/authorized_keys <<'END'
# ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOldOldOldOldOldOldOldOldOldOldOldOldOldOldO ann@old
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINewNewNewNewNewNewNewNewNewNewNewNewNewNewN ann@desk
END
chown -R ann:web /srv/people/ann
chmod 700 /srv/people/ann/.ssh

cd /srv/oracle
cat >site.conf <<'END'
# the site
[server]
name = abc
sum = a+b
[client]
name = xyz
END
chown ann:web site.conf
chmod 640 site.conf
echo '{"jobs": [{"name": "build"}], "port": 8100}' >data.json
echo 'port: 8100' >data.yml
echo '#!/bin/sh' >run
chmod 750 run
: >empty
chmod 400 empty
: >suid
chmod 4755 suid
ln -s site.conf link
ln -s nothing dangling
mkfifo pipe

openssl genrsa -out key.pem 2048 2>/dev/null
openssl req -x509 -key key.pem -days 365 -subj '/C=DE/O=Example/CN=store.test' \
    -addext 'subjectAltName=DNS:store.test,IP:192.0.2.7' -out site.pem
openssl req -new -key key.pem -subj '/CN=former.test' | openssl x509 -req -signkey key.pem -days -1 -out ended.pem 2>/dev/null

: >/root/hidden

echo '/dev/vdb /data xfs noatime,nodev 0 2' >/etc/fstab
echo '5 4 * * * root /usr/local/bin/nightly' >/etc/cron.d/oracle
echo '15 3 * * * /usr/local/bin/backup --all' | crontab -u ann -
printf '%s\n' '192.0.2.7 store.test store' '# 192.0.2.8 former.test' >>/etc/hosts

cp /usr/bin/sleep /usr/local/bin/background-worker-one
cp /usr/bin/sleep /usr/local/bin/consul-template
cat >/etc/systemd/system/oracle@.service <<'END'
[Service]
ExecStart=/usr/local/bin/%i infinity
[Install]
WantedBy=multi-user.target
END
cat >/etc/systemd/system/oracle_udp.socket <<'END'
[Socket]
ListenDatagram=127.0.0.1:8103
[Install]
WantedBy=sockets.target
END
cat >/etc/systemd/system/oracle_udp.service <<'END'
[Service]
ExecStart=/usr/bin/true
END
cat >/etc/systemd/system/oracle_idle.service <<'END'
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
END

printf '%s\n' 'Port 8122' 'ListenAddress 127.0.0.1' >/etc/ssh/sshd_config.d/oracle.conf
rm /etc/nginx/sites-enabled/default
cat >/etc/nginx/conf.d/oracle.conf <<'END'
server {
    listen [::]:8100 ipv6only=off;
    listen 127.0.0.1:8101;
    listen [::]:8102 ipv6only=on;
    listen unix:/run/oracle.sock;
}
END

systemctl daemon-reload
systemctl restart ssh nginx
systemctl enable --now --quiet oracle@background-worker-one oracle@consul-template oracle_udp.socket

ip netns add oracle
ip netns exec oracle sh -ec '
ip link set lo up
ip link add web0 mtu 1400 type veth peer name far0
ip address add 192.0.2.10/24 dev web0
ip link set web0 up
ip link set far0 up
ip route add default via 192.0.2.1
ip route add 198.51.100.0/24 via 192.0.2.2
iptables -P FORWARD DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
iptables -t nat -A POSTROUTING -o web0 -j MASQUERADE
'
touch /srv/oracle/made
