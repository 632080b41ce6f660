"""What the worker does for events, consultations and surveys by the clock. It can be repeated without harm."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from participation.actions import comparison, consultation, survey, taking_part

log = logging.getLogger("participation")


@app.periodic(cron="*/10 * * * *")
@app.task(name="participation.remind", queueing_lock="participation.remind")
def remind(timestamp: int) -> None:
    """Those who come are reminded at the hour that they chose, at most ten minutes late."""
    if told := taking_part.remind():
        log.info("reminded", extra={"people": told})


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="participation.close_over", queueing_lock="participation.close_over")
def close_over(timestamp: int) -> None:
    """Consultations whose last day has passed are closed; the answer is owed from then on."""
    if closed := consultation.close_over():
        log.info("closed", extra={"consultations": closed})


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="participation.close_surveys", queueing_lock="participation.close_surveys")
def close_surveys(timestamp: int) -> None:
    """Surveys whose time is over are closed, at most ten minutes late; answers are refused from the minute on."""
    if closed := survey.close_those_over():
        log.info("closed", extra={"surveys": closed})


@app.periodic(cron="3-59/10 * * * *")
@app.task(name="participation.close_comparisons", queueing_lock="participation.close_comparisons")
def close_comparisons(timestamp: int) -> None:
    """Comparisons whose time is over are closed, at most ten minutes late; words are refused from the minute on."""
    if closed := comparison.close_over():
        log.info("closed", extra={"comparisons": closed})
