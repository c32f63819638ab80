# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same checks as deviations.yml, with the verdicts of known_deviations.yml.

require 'spec_helper'
require 'fileutils'

RSpec.configure do |config|
  %i[before after].each { |moment| config.send(moment, :suite) { FileUtils.rm_rf '/run/oracle_once' } }
end

describe service('consul'), :bare do
  it('is running') { should be_running }
end

describe port(8101), :bare do
  it('is not listening') { should_not be_listening }
end

describe host('127.0.0.1'), :bare do
  it('is not reachable at 8122') { should_not be_reachable.with(port: 8122) }
end

describe iptables, :bare do
  it('has not a rule') { should_not have_rule('-A INPUT -i lo -j ACCEPT') }
end

describe kernel_module('usb'), :kernel do
  it('is loaded') { should be_loaded }
end

describe kernel_module('usb-storage'), :kernel do
  it('is loaded') { should be_loaded }
end

describe file('/root/hidden'), :ann do
  it('does not exist') { should_not exist }
  it('is a file') { should be_file }
end

describe file('/etc/shadow'), :ann do
  it('does not contain root') { should_not contain 'root' }
  it('has no content') { expect(subject.content).to be_empty }
end

describe user('ann'), :root do
  it('belongs to the group admin') { should belong_to_group 'admin' }
  it('has the home directory /srv/people') { should have_home_directory '/srv/people' }
  it('has the login shell /bin') { should have_login_shell '/bin' }
  it('has the authorized key of a comment') do
    should have_authorized_key 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOldOldOldOldOldOldOldOldOldOldOldOldOldOldO'.dup
  end
end

describe user('nobody-else'), :root do
  it('has the number 0') { expect(subject.uid).to eq 0 }
end

describe file('/srv/oracle/site.conf'), :root do
  it('has the mode 0640') { should be_mode '0640' }
  it('contains a.c') { should contain 'a.c' }
  it('contains [client] after [client]') { should contain('[client]').after(/^\[client\]/) }
end

describe file('/srv/oracle/link'), :root do
  it('has the mode 777') { should be_mode 777 }
end

describe file('/srv/oracle/nothing'), :root do
  it('has the size 0') { expect(subject.size).to eq 0 }
  it('has no content') { expect(subject.content).to be_empty }
end

describe file('/run'), :root do
  it('is mounted only with a type') { should be_mounted.only_with(type: 'tmpfs') }
end

describe port(8101), :root do
  it('is listening, asked with the word udp') { should be_listening('udp') }
  it('is not listening with udp') { should_not be_listening.with('udp') }
  it('is listening on 127.0.0.1, asked after udp') { should be_listening.on('127.0.0.1') }
end

describe port(8100), :root do
  it('is listening with tcp') { should be_listening.with('tcp') }
end

describe process('background-worker-two'), :root do
  it('is running') { should be_running }
end

describe process('nginx'), :root do
  it('runs as www-data, too') { expect(subject.user).to include 'www-data' }
end

describe process('infinity'), :root do
  it('does not run') { expect(subject.count).to eq 0 }
end

describe command('mkdir /run/oracle_once'), :root do
  it('ends well') { expect(subject.exit_status).to eq 0 }
end

describe command('mkdir /run/oracle_once'), :root do
  it('ends well the second time') { expect(subject.exit_status).to eq 0 }
end

describe command('echo out'), :root do
  it('writes out') { expect(subject.stdout).to eq 'out' }
end

describe package('ruby-serverspec'), :root do
  it('is installed in version 2.42.1') { should be_installed.with_version('2.42.1') }
end

describe host('former.test'), :root do
  it('is resolvable by hosts') { should be_resolvable.by('hosts') }
end

describe host('127.0.0.1'), :root do
  it('is reachable at 8104 by UDP') { should be_reachable.with(port: 8104, proto: 'udp') }
end

describe cron, :root do
  it('has an entry of /etc/cron.d') { should have_entry('5 4 * * * /usr/local/bin/nightly').with_user('root') }
  it('has an entry with a pattern') { should have_entry('15 3 * * * /usr/local/bin/backup ..all').with_user('ann') }
end

describe fstab, :root do
  it('has an entry with a type') { should have_entry(type: 'xfs') }
end

describe linux_kernel_parameter('kernel.printk'), :root do
  it('is several numbers with blanks') { expect(subject.value).to match(/^\d+ \d+ \d+ \d+$/) }
end

describe interface('lo'), :network do
  it('is up') { should be_up }
end

describe routing_table, :network do
  it('has a missing route') { should have_entry(destination: '203.0.113.0/24', gateway: '192.0.2.2') }
  it('has not a missing route') { should_not have_entry(destination: '203.0.113.0/24', gateway: '192.0.2.2') }
end

describe iptables, :network do
  it('has a part of a rule') { should have_rule('--dport 80') }
  it('has a rule of the table nat') { should have_rule('-A POSTROUTING -o web0 -j MASQUERADE') }
end
