# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
# The collection documents the options of amazon.aws itself, because documentation tools cannot read the fragments of a
# collection that is not installed.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  access_key:
    description:
      - AWS access key ID.
      - The E(AWS_ACCESS_KEY_ID) or E(AWS_ACCESS_KEY) environment variables may also be used, in this order.
      - Cannot be given together with O(profile).
    type: str
    aliases: [aws_access_key_id, aws_access_key]
  secret_key:
    description:
      - AWS secret access key.
      - The E(AWS_SECRET_ACCESS_KEY) or E(AWS_SECRET_KEY) environment variables may also be used, in this order.
      - Cannot be given together with O(profile).
    type: str
    aliases: [aws_secret_access_key, aws_secret_key]
  session_token:
    description:
      - AWS STS session token, for temporary credentials.
      - The E(AWS_SESSION_TOKEN) environment variable may also be used.
      - Cannot be given together with O(profile).
    type: str
    aliases: [aws_session_token]
  profile:
    description:
      - A named AWS profile to take the credentials from.
      - The E(AWS_PROFILE) or E(AWS_DEFAULT_PROFILE) environment variables may also be used, in this order.
      - Cannot be given together with O(access_key), O(secret_key) and O(session_token).
    type: str
    aliases: [aws_profile]
  endpoint_url:
    description:
      - URL to connect to instead of the AWS endpoint of the service, for example that of an emulator.
      - The E(AWS_URL) and E(AWS_ENDPOINT_URL) environment variables may also be used.
    type: str
    aliases: [aws_endpoint_url]
  aws_ca_bundle:
    description:
      - File with the certificates to verify the endpoint with.
      - The E(AWS_CA_BUNDLE) environment variable may also be used.
    type: path
  validate_certs:
    description:
      - Whether the certificate of the endpoint is verified. Rather give O(aws_ca_bundle) than switch this off.
    type: bool
    default: true
  aws_config:
    description:
      - Options for botocore, as described in
        U(https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html#botocore.config.Config).
    type: dict
  debug_botocore_endpoint_logs:
    description:
      - Whether to return the AWS operations that the task used in RV(ignore:resource_actions).
      - The E(ANSIBLE_DEBUG_BOTOCORE_LOGS) environment variable may also be used.
    type: bool
    default: false
notes:
  - The AWS SDK also reads its own environment variables and configuration files, typically C(~/.aws/credentials) and
    C(~/.aws/config), on the host that runs the module.
"""

    REGION = r"""
options:
  region:
    description:
      - AWS region to use.
      - The E(AWS_REGION) or E(AWS_DEFAULT_REGION) environment variables may also be used, in this order.
    type: str
    aliases: [aws_region]
"""

    TAGS = r"""
options:
  tags:
    description:
      - Tags of the resource. If they are not given, the tags are left alone.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Whether tags that are not in O(tags) are removed, if O(tags) is given. Tags that begin with V(aws:) belong to
        AWS and are always left alone.
    type: bool
    default: true
"""

    BOTO3 = r"""
options: {}
requirements:
  - python >= 3.9
  - boto3 >= 1.38.0
  - botocore >= 1.38.0
"""
