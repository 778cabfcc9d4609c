"""Looking papers up: Crossref, doi.org for what other agencies registered (Chinese DOIs among them), and PubMed.

`requests` with urllib3's retries does what the clients on PyPI do, waits as long as a service asks to, and needs nothing that
the book does not install anyway: habanero brings four more packages, biopython compiled code, and neither tells a half answer
from a whole one.

The environment may name other servers (LIVINGREVIEW_CROSSREF, LIVINGREVIEW_DOI, LIVINGREVIEW_PUBMED), a shorter patience in
seconds (LIVINGREVIEW_TIMEOUT), and the address by which Crossref likes to know who asks (LIVINGREVIEW_MAILTO).
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote
from xml.etree import ElementTree

from .records import Record, bare_doi

_LONGEST_WAIT = 30  # seconds that a service may ask for
_LARGEST = 8_000_000  # bytes of an answer
_KINDS = {
    "journal-article": "article",
    "article-journal": "article",
    "article": "article",
    "book": "book",
    "monograph": "book",
    "book-chapter": "incollection",
    "chapter": "incollection",
    "proceedings-article": "inproceedings",
    "paper-conference": "inproceedings",
    "dissertation": "phdthesis",
    "thesis": "phdthesis",
    "report": "techreport",
}


class NotFound(Exception):
    """The service answers, and knows no such paper."""


class Unavailable(Exception):
    """The service does not answer, or not in a way that can be used. The text is a sentence for the contributor."""


def crossref(doi: str) -> Record:
    """The record of a DOI; of doi.org where Crossref has none."""
    try:
        answer = _json("Crossref", f"{_base('CROSSREF')}/works/{quote(doi, safe='/')}")
    except NotFound:
        answer = {
            "message": _json(
                "doi.org",
                f"{_base('DOI')}/{quote(doi, safe='/')}",
                accept="application/vnd.citationstyles.csl+json",
            )
        }
    record = _work(answer.get("message"), "Crossref")
    if record.doi and record.doi != doi:
        raise Unavailable(f"Crossref answered with another paper ({record.doi}).")
    record.seen = [f"https://doi.org/{doi}"]
    return record


def search(words: str, rows: int = 10) -> list[Record]:
    """Papers that Crossref thinks most like a reference in words, best first."""
    answer = _json(
        "Crossref", f"{_base('CROSSREF')}/works", {"query.bibliographic": words, "rows": str(rows)}
    )
    message = answer.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise Unavailable("Crossref's answer is not a list of papers.")
    found = []
    for item in message["items"]:
        try:
            found.append(_work(item, "Crossref"))
        except Unavailable:
            continue  # a component without a title is no paper
    return found


def pubmed(pmid: str) -> Record:
    """The record of a PubMed id."""
    text = _get(
        "PubMed",
        f"{_base('PUBMED')}/efetch.fcgi",
        {"db": "pubmed", "id": pmid, "retmode": "xml"},
        "application/xml",
    ).strip()
    try:
        tree = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise Unavailable("PubMed's answer is not whole, or not XML.") from None
    article = tree.find(".//PubmedArticle")
    if article is None or (article.findtext("MedlineCitation/PMID") or "").strip() != pmid:
        raise NotFound(f"PubMed has no paper {pmid}.")
    return _article(article)


def pmid_of(doi: str) -> str:
    """The PubMed id of a DOI, or ""."""
    answer = _json(
        "PubMed",
        f"{_base('PUBMED')}/esearch.fcgi",
        {"db": "pubmed", "term": f'"{doi}"[doi]', "retmode": "json"},
    )
    found = answer.get("esearchresult", {})
    ids = found.get("idlist") if isinstance(found, dict) else None
    if not isinstance(ids, list):
        raise Unavailable("PubMed's answer is not a list of papers.")
    return str(ids[0]) if len(ids) == 1 else ""


# what the services send
def _work(work: object, service: str) -> Record:
    if not isinstance(work, dict):
        raise Unavailable(f"{service}'s answer holds no paper.")
    title = _first(work.get("title"))
    if not title:
        raise Unavailable(f"{service}'s record has no title.")
    people = work.get("author") if isinstance(work.get("author"), list) else []
    record = Record(
        kind=_KINDS.get(str(work.get("type")), "misc"),
        authors=[
            name for person in people if isinstance(person, dict) and (name := _person(person))
        ],
        title=title,
        journal=_first(work.get("container-title")),
        year=_year(work),
        volume=str(work.get("volume") or ""),
        number=str(work.get("issue") or ""),
        pages=str(work.get("page") or work.get("article-number") or ""),
        doi=str(work.get("DOI") or ""),
        url=str(work.get("URL") or ""),
    )
    own = bare_doi(record.doi)
    for side in ("updated-by", "update-to"):
        for update in work.get(side) if isinstance(work.get(side), list) else ():
            if isinstance(update, dict) and str(update.get("type", "")).lower() in (
                "retraction",
                "withdrawal",
                "removal",
            ):
                notice = bare_doi(str(update.get("DOI") or ""))
                # `update-to` of a notice names the paper that it retracts; of a paper only itself
                if side == "updated-by" or notice == own:
                    record.retracted = record.retracted or notice
    return record.cleaned()


def _person(person: dict) -> str:
    family, given = str(person.get("family") or "").strip(), str(person.get("given") or "").strip()
    if family:
        return f"{family}, {given}" if given else family
    name = str(person.get("name") or person.get("literal") or "").strip()
    return f"{{{name}}}" if name else given


def _first(value: object) -> str:
    if isinstance(value, list):
        value = next((item for item in value if item), "")
    return value if isinstance(value, str) else ""


def _year(work: dict) -> str:
    """The year of print, as journals cite it, else the earliest that is given."""
    for name in ("published-print", "published", "issued", "published-online"):
        parts = work.get(name, {}).get("date-parts") if isinstance(work.get(name), dict) else None
        if (
            isinstance(parts, list)
            and parts
            and isinstance(parts[0], list)
            and parts[0]
            and parts[0][0]
        ):
            return str(parts[0][0])
    return ""


def _article(article: ElementTree.Element) -> Record:
    def text(path: str) -> str:
        found = article.find(path)
        return "".join(found.itertext()) if found is not None else ""  # titles hold <i> and <sub>

    authors = []
    for author in article.findall("MedlineCitation/Article/AuthorList/Author"):
        family, given = (
            author.findtext("LastName") or "",
            author.findtext("ForeName") or author.findtext("Initials") or "",
        )
        group = author.findtext("CollectiveName") or ""
        authors.append(f"{family}, {given}" if family and given else family or f"{{{group}}}")
    ids = {
        i.get("IdType"): (i.text or "")
        for i in article.findall("PubmedData/ArticleIdList/ArticleId")
    }  # not those of its references
    doi = (
        ids.get("doi")
        or article.findtext("MedlineCitation/Article/ELocationID[@EIdType='doi']")
        or ""
    )
    kinds = {
        (kind.text or "")
        for kind in article.findall("MedlineCitation/Article/PublicationTypeList/PublicationType")
    }
    notice = article.find(
        "MedlineCitation/CommentsCorrectionsList/CommentsCorrections[@RefType='RetractionIn']"
    )
    issue = "MedlineCitation/Article/Journal/JournalIssue"
    pmid = text("MedlineCitation/PMID")
    return Record(
        authors=authors,
        title=text("MedlineCitation/Article/ArticleTitle"),
        journal=text("MedlineCitation/Article/Journal/Title"),
        year=text(f"{issue}/PubDate/Year")
        or text(f"{issue}/PubDate/MedlineDate")
        or text("MedlineCitation/Article/ArticleDate/Year"),
        volume=text(f"{issue}/Volume"),
        number=text(f"{issue}/Issue"),
        pages=text("MedlineCitation/Article/Pagination/MedlinePgn"),
        doi=doi,
        pmid=pmid,
        pmcid=ids.get("pmc", ""),
        retracted=bare_doi(notice.findtext("RefSource") or "")
        if notice is not None
        else ""
        if "Retracted Publication" in kinds
        else None,
        seen=[f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"],
    ).cleaned()


# asking
def _base(service: str) -> str:
    standard = {
        "CROSSREF": "https://api.crossref.org",
        "DOI": "https://doi.org",
        "PUBMED": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    }
    return os.environ.get(f"LIVINGREVIEW_{service}", standard[service]).rstrip("/")


def _json(
    service: str,
    address: str,
    parameters: dict[str, str] | None = None,
    accept: str = "application/json",
) -> dict:
    import json

    text = _get(service, address, parameters, accept)
    try:
        answer = json.loads(text)
    except ValueError:
        raise Unavailable(f"{service}'s answer is not whole, or not JSON.") from None
    if not isinstance(answer, dict):
        raise Unavailable(f"{service}'s answer is not a record.")
    return answer


def _get(service: str, address: str, parameters: dict[str, str] | None, accept: str) -> str:
    """The text of an answer. Waits and tries again where the service asks to; raises `NotFound` or `Unavailable`."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry

    class Patient(Retry):
        """Says for how long it waits, since nobody likes a command that stands still."""

        def sleep_for_retry(self, response) -> bool:
            if seconds := self.get_retry_after(response):
                print(
                    f"  {service} asks to wait {min(seconds, self.retry_after_max):.0f} s ...",
                    flush=True,
                )
            return super().sleep_for_retry(response)

    said = os.environ.get("LIVINGREVIEW_TIMEOUT", "")
    patience = float(said) if re.fullmatch(r"[1-9]\d*", said) else 20.0
    wait = min(_LONGEST_WAIT, 3 * patience)
    retry = Patient(
        total=2,
        connect=1,
        read=1,
        status_forcelist=(429, 500, 502, 503, 504),
        backoff_factor=min(0.5, patience / 40),
        retry_after_max=wait,
        raise_on_status=False,
    )
    agent = "livingreview" + (
        f" (mailto:{mail})" if (mail := os.environ.get("LIVINGREVIEW_MAILTO")) else ""
    )
    print(f"Asking {service} ...", flush=True)
    try:
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=retry))
            session.mount("https://", HTTPAdapter(max_retries=retry))
            headers = {"Accept": accept, "User-Agent": agent}
            with session.get(
                address,
                params=parameters,
                headers=headers,
                timeout=(min(patience, 10), patience),
                stream=True,
            ) as answer:
                return _text(service, answer)
    except requests.exceptions.Timeout:
        raise Unavailable(f"{service} did not answer in {patience:.0f} s.") from None
    except requests.exceptions.RequestException as error:
        if "timed out" in str(error).lower():
            raise Unavailable(f"{service} did not answer in {patience:.0f} s.") from None
        if isinstance(
            error,
            requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError,
        ):
            raise Unavailable(f"{service}'s answer broke off.") from None
        raise Unavailable(
            f"{service} cannot be reached: there is no network, or no way to it."
        ) from None


def _text(service: str, answer) -> str:
    if answer.status_code in (404, 410):
        raise NotFound(f"{service} has no record of it.")
    if answer.status_code == 429:
        after = answer.headers.get("Retry-After", "")
        raise Unavailable(
            f"{service} has had too many questions"
            + (f"; ask again in {after} s." if after.isdigit() else "; ask again later.")
        )
    if answer.status_code != 200:
        raise Unavailable(f"{service} answers with an error ({answer.status_code}).")
    kind = answer.headers.get("Content-Type", "")
    if not re.search(r"json|xml", kind):
        kind = kind.partition(";")[0] or "something unnamed"
        raise Unavailable(
            f"{service} answers with {kind} instead of a record; is there a login page in between?"
        )
    data = b""
    for piece in answer.iter_content(65536):
        data += piece
        if len(data) > _LARGEST:
            raise Unavailable(f"{service}'s answer is too large for a record.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unavailable(f"{service}'s answer is not UTF-8 text.") from None
