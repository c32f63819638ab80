# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import time
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import (
    THROTTLING_CODES,
    CollectionError,
    error_code,
    is_aws_error,
    translate,
)

_ATTEMPTS = 8


class Service:
    """The client of one AWS service: throttling and the like are waited out, pages are joined, errors become sentences.

    A subclass has one method for each operation that it offers.
    """

    #: what IAM calls the service
    name = ""
    #: codes of errors that pass when one waits
    passing: frozenset[str] = THROTTLING_CODES
    #: names of the token in answers and in requests
    page_tokens = ("NextToken", "NextToken")

    def __init__(self, client: t.Any, sleep: t.Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def explain(self, error: Exception, method: str) -> CollectionError:
        """The exception to raise for an error of botocore; a subclass knows what "not found" means to it."""
        return translate(error, self.name, self._client.meta.method_to_api_mapping.get(method, method))

    def _pages(self, method: str, **parameters: t.Any) -> t.Iterator[dict[str, t.Any]]:
        answered, asked = self.page_tokens
        answer = self._call(method, **parameters)
        yield answer
        while answer.get(answered):
            answer = self._call(method, **{asked: answer[answered]}, **parameters)
            yield answer

    def _call(self, method: str, **parameters: t.Any) -> dict[str, t.Any]:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return dict(getattr(self._client, method)(**parameters))
            except Exception as error:  # botocore's base classes cannot be named where it is not installed
                if not is_aws_error(error):
                    raise
                if error_code(error) not in self.passing or attempt == _ATTEMPTS:
                    raise self.explain(error, method) from error
            self._sleep(min(0.5 * 2**attempt, 20.0))
        raise AssertionError("unreachable")
