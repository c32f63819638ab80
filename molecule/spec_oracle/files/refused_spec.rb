# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same checks as refused.yml, in the same order.

require 'spec_helper'

describe do
  it('is listening with sctp') { expect(port(8101)).to be_listening('sctp') }
  it('has the mode 6.0') { expect(file('/srv/oracle/site.conf')).to be_mode '6.0' }
end
