"""Asking the services of the literature: politely, patiently, and believing no half answer.

`requests` sends a question, and urllib3's `Retry` counts and spaces the attempts. The clients on
PyPI bring more than that (habanero four packages, biopython compiled code), and neither tells a
half answer from a whole one.

Whoever asks says so, as the services wish: the tool's name, the address of the project
(``repository: url:`` of `_config.yml`), and an e-mail address where LIVINGREVIEW_MAILTO gives one.
The environment may also name other servers (LIVINGREVIEW_CROSSREF, _DOI, _PUBMED, _EUROPEPMC) and
another time to wait for an answer, in seconds (LIVINGREVIEW_TIMEOUT).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, NamedTuple, TypeAlias, TypeVar
from xml.etree import ElementTree

import requests
import yaml
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.util import Retry

TOOL = "livingreview"
PAUSE = 0.4  # seconds between two questions to a service; NCBI allows three a second
GIVE_UP = 3  # questions in a row without an answer, after which a service is not asked again
PAGE = 200  # papers in one answer to a search
MOST = 2000  # new papers of one search; beyond that it is too wide to be read
_CONNECT = 10  # seconds, at most, to reach a service
_LARGEST = 8_000_000  # bytes of an answer
_JSON = "application/json"
_T = TypeVar("_T")
Parameters: TypeAlias = Mapping[str, str | int]
NONE: Parameters = {}


class Service(NamedTuple):
    """A service: how people call it, and where it is."""

    name: str
    address: str


SERVICES = {
    "crossref": Service("Crossref", "https://api.crossref.org"),
    "doi": Service("doi.org", "https://doi.org"),
    "pubmed": Service("PubMed", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"),
    "europepmc": Service("Europe PMC", "https://www.ebi.ac.uk/europepmc/webservices/rest"),
}


class ServiceError(Exception):
    """Nothing to be had from a service; the text is a sentence that says why."""


class UnansweredError(ServiceError):
    """It did not answer, or not in a way that can be used."""


class NotFoundError(ServiceError):
    """It answers, and knows no such thing."""


class _PassingError(Exception):
    """What may be over at the next attempt. response: what came, if anything."""

    def __init__(self, said: str, response: requests.Response | None = None) -> None:
        super().__init__(said)
        self.response = response


@dataclass(frozen=True)
class Patience:
    """How long an answer is waited for.

    timeout: seconds of one attempt. attempts: of one question. longest: seconds that a service
    may ask to be waited for. backoff: seconds between attempts otherwise, as `Retry` counts them.
    """

    timeout: float
    attempts: int
    longest: int
    backoff: float


ATTENDED = Patience(timeout=20, attempts=3, longest=30, backoff=0.5)  # somebody waits for it
UNATTENDED = Patience(timeout=30, attempts=4, longest=120, backoff=2)


class Client:
    """Asks the services. One for a run, for it remembers which of them have stopped answering.

    contact: address of the project that asks, or "". tell: is told what is asked and waited for.
    """

    def __init__(
        self,
        contact: str = "",
        patience: Patience = ATTENDED,
        tell: Callable[[str], None] = lambda what: None,
    ) -> None:
        self.email = os.environ.get("LIVINGREVIEW_MAILTO", "")
        self._patience, self._tell = patience, tell
        said = os.environ.get("LIVINGREVIEW_TIMEOUT", "")
        self._timeout = float(said) if re.fullmatch(r"\d*\.?\d+", said) else patience.timeout
        who = "; ".join(filter(None, (contact, self.email and f"mailto:{self.email}")))
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"{TOOL} ({who})" if who else TOOL
        self._asked: set[str] = set()
        self._unanswered: Counter[str] = Counter()  # of each service, questions in a row

    def json(
        self, service: str, path: str, parameters: Parameters = NONE, accept: str = _JSON
    ) -> dict[str, Any]:
        """The JSON object at `path` of a service. Raises `NotFoundError` and `UnansweredError`."""
        name = SERVICES[service].name

        def read(text: str) -> dict[str, Any]:
            try:
                found = json.loads(text, strict=False)
            except ValueError:
                raise _PassingError(f"{name}'s answer is not whole, or not JSON.") from None
            if not isinstance(found, dict):
                raise _PassingError(f"{name}'s answer is not a record.")
            if "error" in found:  # over the limit NCBI may say so in an answer like any other
                raise _PassingError(f"{name} says: {found['error']}.")
            return found

        return self._ask(service, path, parameters, accept, read)

    def xml(self, service: str, path: str, parameters: Parameters = NONE) -> ElementTree.Element:
        """The XML document at `path` of a service. Raises as `json` does."""
        name = SERVICES[service].name

        def read(text: str) -> ElementTree.Element:
            try:
                return ElementTree.fromstring(text.strip())
            except ElementTree.ParseError:
                raise _PassingError(f"{name}'s answer is not whole, or not XML.") from None

        return self._ask(service, path, parameters, "application/xml", read)

    def _ask(
        self,
        service: str,
        path: str,
        parameters: Parameters,
        accept: str,
        read: Callable[[str], _T],
    ) -> _T:
        name = SERVICES[service].name
        if self._unanswered[service] >= GIVE_UP:
            raise UnansweredError(
                f"{name} was not asked, for it did not answer {GIVE_UP} questions in a row."
            )
        if service in self._asked:
            sleep(PAUSE)
        self._asked.add(service)
        self._tell(f"Asking {name} ...")
        address = f"{_address(service)}/{path}"
        try:
            found = self._patiently(
                name, lambda: read(self._text(name, address, parameters, accept))
            )
        except _PassingError as error:
            self._unanswered[service] += 1
            raise UnansweredError(str(error)) from None
        except ServiceError:  # it answers, if not what was hoped for
            self._unanswered[service] = 0
            raise
        self._unanswered[service] = 0
        return found

    def _patiently(self, name: str, attempt: Callable[[], _T]) -> _T:
        """What one of the attempts gives; the fault of the last where none gives anything."""
        retry = Retry(
            total=self._patience.attempts - 1,
            backoff_factor=self._patience.backoff,
        )
        while True:
            try:
                return attempt()
            except _PassingError as error:
                try:
                    retry = retry.increment()
                except MaxRetryError:
                    raise error from None
                wanted = min(_retry_after(retry, error.response), self._patience.longest)
                if wanted:
                    self._tell(f"  {name} asks to wait {wanted:.0f} s ...")
                sleep(wanted or max(retry.get_backoff_time(), PAUSE))

    def _text(self, name: str, address: str, parameters: Parameters, accept: str) -> str:
        """The text of one answer. Raises `_PassingError` where another attempt may do better."""
        try:
            with self._session.get(
                address,
                params=parameters,
                headers={"Accept": accept},
                timeout=(min(self._timeout, _CONNECT), self._timeout),
                stream=True,
            ) as response:
                return _checked(name, response)
        except requests.exceptions.RequestException as error:
            raise _PassingError(_unreachable(name, error, self._timeout)) from None


@contextmanager
def known_form(service: str) -> Iterator[None]:
    """Where an answer is read: what is not where it should be makes an `UnansweredError`."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise strange(service, f"{type(error).__name__}: {error}") from error


def strange(service: str, what: str) -> UnansweredError:
    """The error for an answer that is not as the service documents it."""
    return UnansweredError(f"{SERVICES[service].name}'s answer is not of the known form ({what}).")


def refuse_too_many(service: str, count: int) -> None:
    """Raise `UnansweredError` for a search that finds more than anybody would read."""
    if count > MOST:
        raise UnansweredError(
            f"{SERVICES[service].name} has {count} new papers; the search is too wide, or has not "
            f"been looked at for too long (at most {MOST} are listed)."
        )


def contact(root: Path) -> str:
    """The address under which the project in `root` is kept, as its `_config.yml` says, or ""."""
    path = root / "_config.yml"
    told = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
    return str((told.get("repository") or {}).get("url") or "")


def _address(service: str) -> str:
    named = os.environ.get(f"LIVINGREVIEW_{service.upper()}")
    return (named or SERVICES[service].address).rstrip("/")


def _retry_after(retry: Retry, response: requests.Response | None) -> float:
    """Seconds that a service asks to be waited for, 0 where it does not ask."""
    with suppress(InvalidHeader):
        return (response is not None and retry.get_retry_after(response.raw)) or 0
    return 0


def _unreachable(name: str, error: Exception, timeout: float) -> str:
    broken = requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError
    if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error).lower():
        return f"{name} did not answer in {timeout:g} s."
    if isinstance(error, broken):
        return f"{name}'s answer broke off."
    return f"{name} cannot be reached: there is no network, or no way to it."


def _checked(name: str, response: requests.Response) -> str:
    status = response.status_code
    if status in (404, 410):
        raise NotFoundError(f"{name} has no record of it.")
    if status == 429:
        after = response.headers.get("Retry-After", "")
        when = f"in {after} s." if after.isdigit() else "later."
        raise _PassingError(f"{name} has had too many questions; ask again {when}", response)
    if status != 200:
        said = f"{name} answers with an error ({status})."
        raise _PassingError(said, response) if status >= 500 else UnansweredError(said)
    kind = response.headers.get("Content-Type", "")
    if not re.search(r"json|xml", kind):
        kind = kind.partition(";")[0] or "something unnamed"
        raise _PassingError(
            f"{name} answers with {kind} instead of a record; is there a login page in between?"
        )
    data = b""
    for piece in response.iter_content(65536):
        data += piece
        if len(data) > _LARGEST:
            raise UnansweredError(f"{name}'s answer is too large for a record.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _PassingError(f"{name}'s answer is not UTF-8 text.") from None
