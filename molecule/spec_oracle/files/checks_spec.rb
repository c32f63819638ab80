# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same checks as checks.yml: each passes or fails, and means the same, in both.

require 'spec_helper'

KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINewNewNewNewNewNewNewNewNewNewNewNewNewNewN'.freeze

describe package('nginx-light') do
  it('is installed') { should be_installed }
  it('is not installed') { should_not be_installed }
  it('is installed by apt') { should be_installed.by('apt') }
  it('is installed in version 0') { should be_installed.with_version('0') }
  it('is not installed in version 0') { should_not be_installed.with_version('0') }
  it('has a version from 1.18') { expect(subject.version).to be >= '1.18' }
  it('has a version below 1.18') { expect(subject.version).to be < '1.18' }
end

describe package('jboss') do
  it('is installed') { should be_installed }
  it('is not installed') { should_not be_installed }
end

describe service('nginx') do
  it('is running') { should be_running }
  it('is not running') { should_not be_running }
  it('is enabled') { should be_enabled }
  it('is not enabled') { should_not be_enabled }
end

describe service('nginx') do
  it('is enabled with level 3') { should be_enabled.with_level(3) }
end

describe service('oracle@background-worker-one') do
  it('is running') { should be_running }
  it('is enabled') { should be_enabled }
end

describe service('oracle_udp.socket') do
  it('is running') { should be_running }
  it('is enabled') { should be_enabled }
end

describe service('systemd-journald') do
  it('is running') { should be_running }
  it('is enabled, being static') { should be_enabled }
end

describe service('systemd-logind') do
  it('is enabled, being masked') { should be_enabled }
  it('is not running, being masked') { should_not be_running }
end

describe service('oracle_idle') do
  it('is running') { should be_running }
  it('is not running') { should_not be_running }
  it('is enabled') { should be_enabled }
  it('is not enabled') { should_not be_enabled }
end

describe service('consul') do
  it('is running') { should be_running }
  it('is not running') { should_not be_running }
  it('is enabled') { should be_enabled }
  it('is not enabled') { should_not be_enabled }
end

describe port(8100) do
  it('is listening') { should be_listening }
  it('is not listening') { should_not be_listening }
end

describe port(8104) do
  it('is listening') { should be_listening }
  it('is not listening') { should_not be_listening }
end

# A port remembers the protocol and the address that it was asked for, so each of these needs a new one.
describe 'Ports' do
  it('8100 with tcp6') { expect(port(8100)).to be_listening.with('tcp6') }
  it('8100 with udp') { expect(port(8100)).to be_listening.with('udp') }
  it('8100 on 127.0.0.1') { expect(port(8100)).to be_listening.on('127.0.0.1') }
  it('8100 by IPv4 alone') { expect(port(8100)).to be_listening.with('tcp') }
  it('8101 with tcp') { expect(port(8101)).to be_listening.with('tcp') }
  it('8101 with tcp6') { expect(port(8101)).to be_listening.with('tcp6') }
  it('8101 not with udp') { expect(port(8101)).not_to be_listening.with('udp') }
  it('8101 on 127.0.0.1') { expect(port(8101)).to be_listening.on('127.0.0.1') }
  it('8101 on 127.0.0.1 with tcp') { expect(port(8101)).to be_listening.on('127.0.0.1').with('tcp') }
  it('8101 on 0.0.0.0') { expect(port(8101)).to be_listening.on('0.0.0.0') }
  it('8102 with tcp') { expect(port(8102)).to be_listening.with('tcp') }
  it('8102 not with tcp') { expect(port(8102)).not_to be_listening.with('tcp') }
  it('8102 with tcp6') { expect(port(8102)).to be_listening.with('tcp6') }
  it('8102 on ::') { expect(port(8102)).to be_listening.on('::') }
  it('8103 with udp') { expect(port(8103)).to be_listening.with('udp') }
  it('8103 with udp6') { expect(port(8103)).to be_listening.with('udp6') }
  it('8103 not with tcp') { expect(port(8103)).not_to be_listening.with('tcp') }
end

describe file('/srv/oracle/site.conf') do
  it('exists') { should exist }
  it('is a file') { should be_file }
  it('is a directory') { should be_directory }
  it('is no directory') { should_not be_directory }
  it('is no link') { should_not be_symlink }
  it('has the mode 640') { should be_mode 640 }
  it('has the mode 644') { should be_mode 644 }
  it('has not the mode 644') { should_not be_mode 644 }
  it('is owned by ann') { should be_owned_by 'ann' }
  it('is owned by the number of ann') { should be_owned_by '3100' }
  it('is owned by root') { should be_owned_by 'root' }
  it('is grouped into web') { should be_grouped_into 'web' }
  it('is grouped into the number of web') { should be_grouped_into '3100' }
  it('is grouped into webadmin') { should be_grouped_into 'webadmin' }
  it('contains a text') { should contain 'name = abc' }
  it('contains another text') { should contain 'name = nobody' }
  it('does not contain another text') { should_not contain 'name = nobody' }
  it('contains a text with a plus') { should contain 'sum = a+b' }
  it('contains a text from server to client') { should contain('abc').from(/^\[server\]/).to(/^\[client\]/) }
  it('contains a later text from server to client') { should contain('xyz').from(/^\[server\]/).to(/^\[client\]/) }
  it('contains a text after client') { should contain('xyz').after(/^\[client\]/) }
  it('contains an earlier text after client') { should contain('abc').after(/^\[client\]/) }
  it('contains a text before client') { should contain('abc').before(/^\[client\]/) }
  it('contains a later text before client') { should contain('xyz').before(/^\[client\]/) }
  it('has content that matches') { expect(subject.content).to match(/^name = a.c$/) }
  it('has content that does not match') { expect(subject.content).to match(/^name = b/) }
  it('is readable') { should be_readable }
  it('is readable by its owner') { should be_readable.by('owner') }
  it('is readable by its group') { should be_readable.by('group') }
  it('is readable by others') { should be_readable.by('others') }
  it('is readable by the user ann') { should be_readable.by_user('ann') }
  it('is readable by the user daemon') { should be_readable.by_user('daemon') }
  it('is writable') { should be_writable }
  it('is writable by its owner') { should be_writable.by('owner') }
  it('is not writable by its group') { should_not be_writable.by('group') }
  it('is not writable by others') { should_not be_writable.by('others') }
  it('is writable by the user ann') { should be_writable.by_user('ann') }
  it('is writable by the user daemon') { should be_writable.by_user('daemon') }
  it('is not executable') { should_not be_executable }
  it('is executable by the user root') { should be_executable.by_user('root') }
  it('is not immutable') { should_not be_immutable }
  it('has a mode') { expect(subject.mode).to eq '640' }
  it('has an owner') { expect(subject.owner).to eq 'ann' }
  it('has another owner') { expect(subject.owner).to eq 'root' }
  it('has a group') { expect(subject.group).to eq 'web' }
  it('has a size') { expect(subject.size).to eq 61 }
  it('has a size above 0') { expect(subject.size).to be > 0 }
  it('has another size') { expect(subject.size).to eq 0 }
  it('has an MD5 checksum') { expect(subject.md5sum).to eq '0d053380924ae574c9cc457381aab500' }
  it('has a SHA-256 checksum') { expect(subject.sha256sum).to start_with 'dd8dfa34' }
end

describe file('/srv/oracle/run') do
  it('is executable') { should be_executable }
  it('is executable by its group') { should be_executable.by('group') }
  it('is executable by others') { should be_executable.by('others') }
  it('is executable by the user daemon') { should be_executable.by_user('daemon') }
  it('is executable by the user root') { should be_executable.by_user('root') }
end

describe file('/srv/oracle/suid') do
  it('has the mode 4755') { should be_mode 4755 }
  it('has the mode 755') { should be_mode 755 }
  it('is executable by others') { should be_executable.by('others') }
end

describe file('/srv/oracle/empty') do
  it('has the size 0') { expect(subject.size).to eq 0 }
  it('has no content') { expect(subject.content).to be_empty }
  it('is not writable') { should_not be_writable }
end

describe file('/srv/oracle/link') do
  it('is a link') { should be_symlink }
  it('is a file') { should be_file }
  it('is linked to site.conf') { should be_linked_to 'site.conf' }
  it('is linked to the whole path') { should be_linked_to '/srv/oracle/site.conf' }
  it('has a target') { expect(subject.link_target).to eq 'site.conf' }
  it('contains a text') { should contain 'name = abc' }
end

describe file('/srv/oracle/dangling') do
  it('exists') { should exist }
  it('is a link') { should be_symlink }
  it('is a file') { should be_file }
end

describe file('/srv/oracle') do
  it('is a directory') { should be_directory }
  it('is a file') { should be_file }
end

describe file('/srv/oracle/pipe') do
  it('is a pipe') { should be_pipe }
  it('is a file') { should be_file }
end

describe file('/run/oracle.sock') do
  it('is a socket') { should be_socket }
  it('is no pipe') { should_not be_pipe }
end

describe file('/dev/null') do
  it('is a character device') { should be_character_device }
  it('is a block device') { should be_block_device }
end

describe file('/srv/oracle/nothing') do
  it('exists') { should exist }
  it('does not exist') { should_not exist }
  it('is a file') { should be_file }
  it('is no file') { should_not be_file }
  it('has the mode 644') { should be_mode 644 }
  it('is owned by root') { should be_owned_by 'root' }
  it('contains a text') { should contain 'name' }
  it('does not contain a text') { should_not contain 'name' }
end

describe file('/srv/oracle/data.yml') do
  it('has a value') { expect(subject.content_as_yaml['port']).to eq 8100 }
  it('has another value') { expect(subject.content_as_yaml['port']).to eq 80 }
end

describe file('/srv/oracle/data.json') do
  it('has a value') { expect(subject.content_as_json['port']).to eq 8100 }
  it('has another value') { expect(subject.content_as_json['port']).to eq 80 }
  it('has a value below a list') { expect(subject.content_as_json['jobs'][0]['name']).to eq 'build' }
end

describe x509_certificate('/srv/oracle/site.pem') do
  it('is a certificate') { should be_certificate }
  it('is valid') { should be_valid }
  it('is not valid') { should_not be_valid }
  it('has a subject') { expect(subject.subject).to eq 'C = DE, O = Example, CN = store.test' }
  it('has another subject') { expect(subject.subject).to eq 'CN = store.test' }
  it('has an issuer') { expect(subject.issuer).to match(/CN = store.test$/) }
  it('has a key of 2048 bits') { expect(subject.keylength).to eq 2048 }
  it('has other names') { expect(subject.subject_alt_names).to contain_exactly('DNS:store.test', 'IP Address:192.0.2.7') }
  it('has not another name') { expect(subject.subject_alt_names).not_to include 'DNS:former.test' }
  it('is valid for 300 days') { expect(subject.validity_in_days).to be >= 300 }
  it('is valid for 400 days') { expect(subject.validity_in_days).to be >= 400 }
end

describe x509_certificate('/srv/oracle/ended.pem') do
  it('is a certificate') { should be_certificate }
  it('is valid') { should be_valid }
  it('is not valid') { should_not be_valid }
end

describe x509_certificate('/srv/oracle/data.json') do
  it('is a certificate') { should be_certificate }
  it('is no certificate') { should_not be_certificate }
end

describe file('/run') do
  it('is mounted') { should be_mounted }
  it('is mounted with a type') { should be_mounted.with(type: 'tmpfs') }
  it('is mounted with another type') { should be_mounted.with(type: 'xfs') }
  it('is mounted with options') { should be_mounted.with(type: 'tmpfs', options: { nodev: true, nosuid: true }) }
  it('is mounted with other options') { should be_mounted.with(options: { ro: true }) }
end

describe file('/proc') do
  it('is mounted only with these') do
    options = { rw: true, nosuid: true, nodev: true, noexec: true, relatime: true }
    should be_mounted.only_with(device: 'proc', type: 'proc', options: options)
  end
  it('is mounted only with fewer options') { should be_mounted.only_with(device: 'proc', type: 'proc', options: { rw: true }) }
end

describe file('/srv') do
  it('is mounted') { should be_mounted }
  it('is not mounted') { should_not be_mounted }
end

describe user('ann') do
  it('exists') { should exist }
  it('does not exist') { should_not exist }
  it('has the uid 3100') { should have_uid 3100 }
  it('has the uid 310') { should have_uid 310 }
  it('has not the uid 310') { should_not have_uid 310 }
  it('belongs to the group web') { should belong_to_group 'web' }
  it('belongs to the group webadmin') { should belong_to_group 'webadmin' }
  it('belongs to the group root') { should belong_to_group 'root' }
  it('does not belong to the group root') { should_not belong_to_group 'root' }
  it('belongs to the primary group web') { should belong_to_primary_group 'web' }
  it('belongs to the primary group webadmin') { should belong_to_primary_group 'webadmin' }
  it('has a home directory') { should have_home_directory '/srv/people/ann' }
  it('has another home directory') { should have_home_directory '/home/ann' }
  it('has a login shell') { should have_login_shell '/bin/bash' }
  it('has not another login shell') { should_not have_login_shell '/bin/zsh' }
  it('has an authorized key') { should have_authorized_key KEY.dup }
  it('has another authorized key') { should have_authorized_key KEY.sub('New', 'Old') }
  it('has a number') { expect(subject.uid).to eq 3100 }
  it('keeps a password for 7 days') { expect(subject.minimum_days_between_password_change).to eq 7 }
  it('keeps a password for at most 90 days') { expect(subject.maximum_days_between_password_change).to be <= 90 }
  it('keeps a password for at most 30 days') { expect(subject.maximum_days_between_password_change).to be <= 30 }
end

describe user('nobody-else') do
  it('exists') { should exist }
  it('does not exist') { should_not exist }
  it('has the uid 0') { should have_uid 0 }
  it('belongs to the group root') { should belong_to_group 'root' }
end

describe group('web') do
  it('exists') { should exist }
  it('has the gid 3100') { should have_gid 3100 }
  it('has the gid 3101') { should have_gid 3101 }
  it('has a number') { expect(subject.gid).to eq 3100 }
end

describe group('nobody-else') do
  it('exists') { should exist }
  it('does not exist') { should_not exist }
end

describe process('cron') do
  it('is running') { should be_running }
  it('is not running') { should_not be_running }
  it('runs as root') { expect(subject.user).to eq 'root' }
  it('runs as ann') { expect(subject.user).to eq 'ann' }
  it('has arguments') { expect(subject.args).to match(/cron -f/) }
  it('runs once') { expect(subject.count).to eq 1 }
end

describe process('background-worker-one') do
  it('is running') { should be_running }
end

describe process('httpd') do
  it('is running') { should be_running }
  it('is not running') { should_not be_running }
end

describe command('echo out; echo err >&2; exit 3') do
  it('ends with 3') { expect(subject.exit_status).to eq 3 }
  it('ends with 0') { expect(subject.exit_status).to eq 0 }
  it('does not end with 0') { expect(subject.exit_status).not_to eq 0 }
  it('writes out') { expect(subject.stdout).to match(/^out$/) }
  it('writes err') { expect(subject.stderr).to include 'err' }
  it('writes err to the output') { expect(subject.stdout).to include 'err' }
end

describe command('no-such-program') do
  it('ends with 127') { expect(subject.exit_status).to eq 127 }
end

describe command('cat /srv/oracle/data.json') do
  it('writes a value as JSON') { expect(subject.stdout_as_json['port']).to eq 8100 }
  it('writes another value as JSON') { expect(subject.stdout_as_json['port']).to eq 80 }
end

describe host('store.test') do
  it('is resolvable') { should be_resolvable }
  it('is resolvable by hosts') { should be_resolvable.by('hosts') }
  it('has an address') { expect(subject.ipaddress).to eq '192.0.2.7' }
  it('has an IPv4 address') { expect(subject.ipv4_address).to eq '192.0.2.7' }
  it('has another IPv4 address') { expect(subject.ipv4_address).to eq '192.0.2.8' }
end

describe host('elsewhere.invalid') do
  it('is resolvable by hosts') { should be_resolvable.by('hosts') }
  it('is not resolvable by hosts') { should_not be_resolvable.by('hosts') }
end

describe host('127.0.0.1') do
  it('is reachable') { should be_reachable }
  it('is reachable at 8122') { should be_reachable.with(port: 8122) }
  it('is reachable at 8122 by TCP') { should be_reachable.with(port: 8122, proto: 'tcp', timeout: 1) }
  it('is reachable at 8104') { should be_reachable.with(port: 8104, timeout: 1) }
  it('is not reachable at 8104') { should_not be_reachable.with(port: 8104, timeout: 1) }
end

describe cron do
  it('has an entry of ann') { should have_entry('15 3 * * * /usr/local/bin/backup --all').with_user('ann') }
  it('has another entry of ann') { should have_entry('15 4 * * * /usr/local/bin/backup --all').with_user('ann') }
  it('has not another entry of ann') { should_not have_entry('0 0 * * * reboot').with_user('ann') }
  it('has an entry of root') { should have_entry('15 3 * * * /usr/local/bin/backup --all').with_user('root') }
end

describe linux_kernel_parameter('kernel.ostype') do
  it('has a text') { expect(subject.value).to eq 'Linux' }
  it('has another text') { expect(subject.value).to eq 'Hurd' }
end

describe linux_kernel_parameter('fs.protected_symlinks') do
  it('is a number') { expect(subject.value).to be >= 0 }
  it('is 7') { expect(subject.value).to eq 7 }
  it('is not 7') { expect(subject.value).not_to eq 7 }
end

describe fstab do
  it('has an entry') { should have_entry(mount_point: '/data') }
  it('has an entry with all') do
    should have_entry(device: '/dev/vdb', mount_point: '/data', type: 'xfs', options: { noatime: true }, dump: 0, pass: 2)
  end
  it('has an entry with another type') { should have_entry(mount_point: '/data', type: 'ext4') }
  it('has an entry with another option') { should have_entry(mount_point: '/data', options: { ro: true }) }
  it('has an entry with another pass') { should have_entry(mount_point: '/data', pass: 1) }
  it('has another entry') { should have_entry(mount_point: '/srv') }
  it('has not another entry') { should_not have_entry(mount_point: '/srv') }
end

describe selinux do
  it('is disabled') { should be_disabled }
  it('is enforcing') { should be_enforcing }
  it('is not enforcing') { should_not be_enforcing }
  it('is permissive') { should be_permissive }
end

describe kernel_module('usbcore'), :kernel do
  it('is loaded') { should be_loaded }
  it('is not loaded') { should_not be_loaded }
end

describe kernel_module('cramfs'), :kernel do
  it('is loaded') { should be_loaded }
  it('is not loaded') { should_not be_loaded }
end

describe interface('web0'), :network do
  it('exists') { should exist }
  it('does not exist') { should_not exist }
  it('is up') { should be_up }
  it('is not up') { should_not be_up }
  it('has an IPv4 address') { should have_ipv4_address('192.0.2.10') }
  it('has an IPv4 address with a prefix') { should have_ipv4_address('192.0.2.10/24') }
  it('has the beginning of an IPv4 address') { should have_ipv4_address('192.0.2.1') }
  it('has another prefix') { should have_ipv4_address('192.0.2.10/25') }
  it('has an MTU of 1400') { expect(subject.mtu).to eq 1400 }
  it('has an MTU of 1500') { expect(subject.mtu).to eq 1500 }
  it('has not an IPv6 address') { should_not have_ipv6_address('2001:db8::1') }
  it('has a speed of 10000') { expect(subject.speed).to eq 10_000 }
  it('has a first IPv4 address') { expect(subject.ipv4_address).to eq '192.0.2.10/24' }
end

describe interface('eth9'), :network do
  it('exists') { should exist }
  it('does not exist') { should_not exist }
  it('is up') { should be_up }
  it('has an IPv4 address') { should have_ipv4_address('192.0.2.10') }
end

describe default_gateway, :network do
  it('has an address') { expect(subject.ipaddress).to eq '192.0.2.1' }
  it('has another address') { expect(subject.ipaddress).to eq '192.0.2.2' }
  it('has an interface') { expect(subject.interface).to eq 'web0' }
end

describe routing_table, :network do
  it('has a route') { should have_entry(destination: '198.51.100.0/24', gateway: '192.0.2.2', interface: 'web0') }
  it('has a route by another gateway') { should have_entry(destination: '198.51.100.0/24', gateway: '192.0.2.3') }
  it('has not a route by another gateway') { should_not have_entry(destination: '198.51.100.0/24', gateway: '192.0.2.3') }
  it('has a default route') { should have_entry(destination: 'default', gateway: '192.0.2.1') }
end

describe iptables, :network do
  it('has a rule') { should have_rule('-A INPUT -i lo -j ACCEPT') }
  it('has a rule without its chain') { should have_rule('-i lo -j ACCEPT') }
  it('has a rule in a table and a chain') { should have_rule('-i lo -j ACCEPT').with_table('filter').with_chain('INPUT') }
  it('has a rule in another chain') { should have_rule('-i lo -j ACCEPT').with_chain('OUTPUT') }
  it('has a rule in another table') { should have_rule('-i lo -j ACCEPT').with_table('mangle') }
  it('has a policy') { should have_rule('-P FORWARD DROP') }
  it('has another policy') { should have_rule('-P INPUT DROP') }
  it('has not another rule') { should_not have_rule('-A INPUT -j REJECT') }
end

describe ip6tables, :network do
  it('has a policy') { should have_rule('-P INPUT ACCEPT') }
  it('has a rule') { should have_rule('-A INPUT -i lo -j ACCEPT') }
end
