"""Limits: exact under concurrency (T-01), deaf to forged addresses (T-03), the same for forms and the API."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import path
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geoportal.kernel import throttle
from geoportal.kernel.addresses import address_block, client_address, is_loopback
from geoportal.kernel.models import Counter
from geoportal.kernel.throttle import Throttled, VerbThrottle, breaker_is_on, cell, count, hit, hits, limit, rates, summarise


class Post(APIView):
    """A view of the API that is limited as `report`."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (VerbThrottle,)
    throttle_verb = "report"

    def post(self, request: Request) -> Response:
        return Response({}, status=201)

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/post/", Post.as_view())]


def _together(threads: int, act: Callable[[], Any]) -> list[Any]:
    """Results of `act`, started in all threads at the same instant."""
    barrier = threading.Barrier(threads)

    def run(_number: int) -> Any:
        barrier.wait()
        try:
            return act()
        except Throttled as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@pytest.mark.django_db(transaction=True)
def test_t01_exact_with_200_threads() -> None:
    gate = threading.Semaphore(40)  # the database has a hundred places, and others use it too

    def act() -> bool:
        with gate:
            try:
                hit("report_address", "203.0.113.0/24", limit=10, seconds=600)
            finally:
                connection.close()
        return True

    outcomes = _together(200, act)
    assert sum(outcome is True for outcome in outcomes) == 10
    assert sum(isinstance(outcome, Throttled) for outcome in outcomes) == 190
    assert Counter.objects.get().count == 200


@pytest.mark.django_db(transaction=True)
def test_t01_several_keys_at_once_do_not_deadlock() -> None:
    wanted = [throttle.Hit("a", str(number), 1_000, 60) for number in range(12)]
    turns = itertools.count()

    def act() -> bool:
        for _round in range(5):
            count(reversed(wanted) if next(turns) % 2 else wanted)
        return True

    outcomes = _together(30, act)
    assert outcomes == [True] * 30
    assert set(Counter.objects.values_list("count", flat=True)) == {150}


@pytest.mark.django_db(transaction=True)
def test_the_count_stands_when_the_verb_fails_and_is_refused_inside_its_transaction() -> None:
    hit("a", "x", limit=1, seconds=60)
    with pytest.raises(RuntimeError), transaction.atomic():
        hit("a", "x", limit=5, seconds=60)
    assert Counter.objects.get().count == 1


@pytest.mark.django_db
def test_a_new_window_begins_after_the_old_one() -> None:
    hit("a", "x", limit=1, seconds=60)
    with pytest.raises(Throttled) as refused:
        hit("a", "x", limit=1, seconds=60)
    assert 1 <= refused.value.retry_after <= 60
    assert refused.value.headers == {"Retry-After": str(refused.value.retry_after)}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_counter SET until = now() - interval '1 second'")
    hit("a", "x", limit=1, seconds=60)
    assert Counter.objects.get().count == 1


@pytest.mark.django_db
def test_keys_are_apart_and_no_address_is_stored(rf: RequestFactory) -> None:
    limit(rf.post("/", REMOTE_ADDR="198.51.100.7"), "report", contact=" Ana@Example.BG ", point=(23.79, 42.9))
    rows = list(Counter.objects.values_list("scope", "count"))
    assert sorted(scope for scope, _count in rows) == [
        "report_address/3600",
        "report_address/600",
        "report_address/86400",
        "report_cell/3600",
        "report_contact/3600",
        "report_contact/86400",
    ]
    limit(rf.post("/", REMOTE_ADDR="198.51.100.250"), "report", contact="ana@example.bg")
    assert dict(Counter.objects.values_list("scope", "count")) == {
        scope: 1 if scope.startswith("report_cell") else 2 for scope, _count in rows
    }
    limit(rf.post("/", REMOTE_ADDR="198.51.101.7"), "report")
    assert Counter.objects.filter(scope="report_address/600").count() == 2


@pytest.mark.django_db
def test_form_and_api_share_one_count(rf: RequestFactory, client: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.LIMITS = {"report_address": "3/10m"}
    for _number in range(2):
        limit(rf.post("/", REMOTE_ADDR="127.0.0.1"), "report")
    assert client.get("/api/post/").status_code == 200
    assert client.post("/api/post/").status_code == 201
    refused = client.post("/api/post/")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= 600
    assert (refused.json()["status"], refused.json()["code"]) == (429, "throttled")
    with pytest.raises(Throttled):
        limit(rf.post("/", REMOTE_ADDR="127.0.0.1"), "report")


@pytest.mark.django_db
def test_the_exempt_are_not_counted(rf: RequestFactory) -> None:
    limit(rf.post("/"), "report", exempt=True)
    assert Counter.objects.count() == 0


def test_rates() -> None:
    assert rates("10/10m 30/1d") == ((10, 600), (30, 86_400))
    assert rates("") == ()
    for wrong in ("10", "10/m", "x/1m", "10/1w", "-1/1m"):
        with pytest.raises(ValueError, match="no rate"):
            rates(wrong)
    assert all(rates(text) for text in throttle.LIMITS.values())


def test_settings_replace_single_limits_and_lift_them(settings: Any) -> None:
    settings.LIMITS = {"report_address": "", "report_cell": "1/1s"}
    assert hits("report", {"address": "a", "cell": "c"}) == [throttle.Hit("report_cell", "c", 1, 1)]
    settings.LIMITS = {"*": ""}
    assert hits("report", {"address": "a", "contact": "c", "cell": "c"}) == []


def test_breakers_count_what_is_counted_by_the_hour() -> None:
    for verb in throttle.BREAKERS:
        assert 3600 in {seconds for _most, seconds in rates(throttle.LIMITS[f"{verb}_address"])}


def test_cells_are_about_100_metres() -> None:
    here = cell(23.7942, 42.9061)
    assert cell(23.79421, 42.90611) == here
    assert cell(23.7942 + 0.0025, 42.9061) != here
    assert cell(23.7942, 42.9061 + 0.0019) != here
    assert len({cell(23.7 + step / 10_000, 42.9) for step in range(1_000)}) in range(80, 84)  # 8.16 km
    assert cell(0.0, 90.0)


@pytest.mark.parametrize("hops", range(11))
def test_t03_forged_hops_do_not_change_the_key(hops: int, rf: RequestFactory, settings: Any) -> None:
    forged = [f"10.0.0.{number}" for number in range(hops)]
    for trusted in (0, 1, 2):
        settings.TRUSTED_PROXIES = trusted
        proxies = ["203.0.113.9", "192.0.2.1", "192.0.2.2"][: trusted + 1]
        sent = ", ".join([*forged, *proxies[:-1]])
        headers = {"HTTP_X_FORWARDED_FOR": sent} if sent else {}
        assert client_address(rf.get("/", REMOTE_ADDR=proxies[-1], **headers)) == "203.0.113.9"


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("unknown", "192.0.2.1"),
        ("<script>", "192.0.2.1"),
        ("", "192.0.2.1"),
        ("1.2.3.4.5", "192.0.2.1"),
        ("9" * 5000, "192.0.2.1"),
    ],
)
def test_what_proxies_write(sent: str, address: str, rf: RequestFactory, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client_address(rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=sent)) == address


def test_blocks(rf: RequestFactory) -> None:
    assert address_block(rf.get("/", REMOTE_ADDR="198.51.100.7")) == "198.51.100.0/24"
    assert address_block(rf.get("/", REMOTE_ADDR="2001:db8:1:2ff::7")) == "2001:db8:1:200::/56"
    assert address_block(rf.get("/", REMOTE_ADDR="::ffff:198.51.100.7")) == "198.51.100.0/24"
    assert address_block(rf.get("/", REMOTE_ADDR="")) == "local"


def test_loopback_means_nobody_in_between(rf: RequestFactory) -> None:
    assert is_loopback(rf.get("/", REMOTE_ADDR="127.0.0.1"))
    assert is_loopback(rf.get("/", REMOTE_ADDR="::1"))
    assert not is_loopback(rf.get("/", REMOTE_ADDR="198.51.100.7"))
    assert not is_loopback(rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7"))
    assert not is_loopback(rf.get("/", REMOTE_ADDR=""))


@pytest.mark.django_db
def test_t02_the_breaker_reads_the_workers_sum(rf: RequestFactory, settings: Any) -> None:
    cache.clear()
    settings.BREAKERS = {"report": 3}
    assert breaker_is_on("report") is False
    for block in range(4):
        limit(rf.post("/", REMOTE_ADDR=f"198.51.{block}.7"), "report")
    cache.clear()
    assert breaker_is_on("report") is False  # nobody has summed yet
    assert summarise()["report"] == 4
    cache.clear()
    assert breaker_is_on("report") is True
    assert breaker_is_on("unheard of") is False
    with connection.cursor() as cursor:  # a worker that died an hour ago closes nothing
        cursor.execute("UPDATE kernel_counter SET until = now() - interval '61 minutes'")
    cache.clear()
    assert breaker_is_on("report") is False
    assert summarise()["report"] == 0
    assert set(Counter.objects.values_list("scope", flat=True)) == {"sum"}


def test_the_wait_is_said_in_words() -> None:
    with translation.override("en"):
        assert Throttled(61).detail.endswith("in 2 min.")
        assert Throttled(86_000).detail.endswith("in 24 h.")


@pytest.mark.django_db
def test_counters_are_not_logged_to_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'kernel_counter'")
        assert cursor.fetchone() in ((b"u",), ("u",))


@pytest.mark.django_db
def test_who_is_signed_in_is_counted_by_the_account_staff_higher_and_guests_by_address(
    rf: RequestFactory, settings: Any
) -> None:
    settings.LIMITS = {"comment_address": "2/1h"}

    def writes(user: Any, times: int, address: str = "198.51.100.7") -> list[bool]:
        done = []
        for _number in range(times):
            request = rf.post("/", REMOTE_ADDR=address)
            request.user = user
            try:
                limit(request, "comment")
            except Throttled:
                done.append(False)
            else:
                done.append(True)
        return done

    account = lambda pk, **more: SimpleNamespace(pk=pk, is_authenticated=True, **more)  # noqa: E731
    assert writes(AnonymousUser(), 3) == [True, True, False]
    assert writes(account(1), 3) == [True, True, False]
    assert writes(account(1), 1, "203.0.113.9") == [False]
    assert writes(account(2), 2) == [True, True]
    assert writes(account(3, works_here=True), 21) == [True] * 20 + [False]
