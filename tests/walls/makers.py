"""How each form is made with what somebody typed, and each body of the API that is right: tests/walls/test_bad_input.py tries them all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from rest_framework import serializers

from accounts.agreement import AgreeForm
from accounts.forms import AcceptForm, EraseForm, InviteForm, LinkForm, ProfileForm, ReauthenticationCodeForm, RolesForm
from accounts.models import Correspondent
from api.token_pages import TokenForm
from api.v1.cases import Registered
from api.v1.comments import CommentSent
from api.v1.own_comment import CommentMended
from api.v1.sending import Sent, Supporter
from api.v1.session import Asked
from api.v1.transitions import Act
from discussion.models import Comment
from layers.importing import Mapping
from municipality.models import Organisation
from notifications.forms.alert import AlertForm
from notifications.forms.preferences import CodeForm, HabitsForm, NumberForm, TableForm
from notifications.forms.webhook import WebhookForm
from notifications.webhooks.owners import Owners
from participation.actions.initiative import propose
from participation.forms import adopted, answering, coming, goal, policy, practice, publishing, rewording, service, survey
from participation.forms import alternative as alternatives
from participation.forms import consultation as consulting
from participation.forms import event as events
from participation.forms import initiative as initiatives
from participation.forms import pledge as pledges
from participation.forms import profile as people
from participation.models import Comparison, Goal, Initiative, Policy, Proposal, Survey
from reports.forms import (
    answer_file,
    author,
    cover,
    desk,
    layers,
    organisation,
    place,
    planning,
    services,
    submit,
    taken_over,
    talk,
    together,
)
from reports.forms.block import BlockForm, WholeForm
from reports.forms.links import ConnectForm
from reports.models import Report
from reports.views.desk import names
from tests import factories
from tests.api.test_sending import body
from tests.participation import compared
from tests.participation.asked import opened
from tests.participation.test_initiatives import said as proposed

MAKERS: dict[type[forms.BaseForm], Callable[[Any], forms.BaseForm]] = {
    **{
        plain: plain
        for plain in (
            AcceptForm, AgreeForm, EraseForm, InviteForm, LinkForm, ProfileForm, RolesForm, author.AddForm, author.EditForm,
            author.AddressForm,
            talk.CommentForm, talk.WordsForm, talk.ConclusionForm, organisation.MemberForm, together.InviteForm, together.JoinForm,
            BlockForm, WholeForm, answer_file.AnswerFileForm, people.ProfileForm,
            author.FixedForm, author.FlagForm, cover.CoverForm, cover.StaffCoverForm, desk.SettleForm, desk.IntakeForm,
            desk.NoteForm, desk.RestrictForm, place.PlaceForm, submit.PhotosForm, submit.SendForm, submit.WhatForm,
        )
    },
    together.EndorseForm: lambda data: together.EndorseForm(data, organisations=list(Organisation.objects.departments())),
    ConnectForm: lambda data: ConnectForm(data, of="idea"),
    AlertForm: lambda data: AlertForm(data, known=False, departments=list(Organisation.objects.departments())),
    TokenForm: lambda data: TokenForm(data, staff=True),
    WebhookForm: lambda data: WebhookForm(data, owners=Owners(list(Organisation.objects.departments()), in_person=True), cases=True),
    HabitsForm: HabitsForm,
    NumberForm: NumberForm,
    CodeForm: CodeForm,
    ReauthenticationCodeForm: lambda data: ReauthenticationCodeForm(data, user=factories.official()),
    TableForm: lambda data: TableForm(data, correspondent=_reader(), works_here=True),
    author.NameForm: lambda data: author.NameForm(data, name="Рада Колева"),
    author.ActForm: lambda data: author.ActForm(data, fields=("text", "photo")),
    author.MoveForm: lambda data: author.MoveForm(data, report=_case()),
    desk.DeskMoveForm: lambda data: desk.DeskMoveForm(data, report=_case()),
    talk.ModerateCommentForm: lambda data: talk.ModerateCommentForm(data, comment=Comment(state=Comment.State.PUBLISHED)),
    organisation.DescriptionForm: lambda data: organisation.DescriptionForm(
        data, organisation=Organisation.objects.get(slug="water")
    ),
    desk.TurnForm: lambda data: desk.TurnForm(data, report=_case()),
    desk.ModerateForm: lambda data: desk.ModerateForm(data, verb="hide"),
    layers.LayerForm: layers.LayerForm,
    services.ServiceForm: services.ServiceForm,
    layers.FileForm: layers.FileForm,
    layers.DeleteLayerForm: lambda data: layers.DeleteLayerForm(data, slug="lamps"),
    layers.ReadingForm: lambda data: layers.ReadingForm(data, head={"format": "csv"}, mapping=Mapping()),
    taken_over.SourceForm: taken_over.SourceForm,
    taken_over.ColumnsForm: lambda data: taken_over.ColumnsForm(data, found={"columns": ["№"], "words": {"№": ["1"]}}, asked={}),
    taken_over.WordsForm: lambda data: taken_over.WordsForm(
        data, found={"words": {"Вид": ["Дупки"], "Статус": ["нов"]}}, asked={"columns": {"category": "Вид", "status": "Статус"}}
    ),
    planning.NameForm: planning.NameForm,
    planning.AreaForm: planning.AreaForm,
    planning.AnalysisForm: planning.AnalysisForm,
    planning.ChangedAnalysisForm: planning.ChangedAnalysisForm,
    planning.NewAnalysisForm: lambda data: planning.NewAnalysisForm(data, user=factories.planner()),
    events.EventForm: lambda data: events.EventForm(data, user=factories.official()),
    events.DiscussForm: events.DiscussForm,
    events.TakeOffForm: events.TakeOffForm,
    events.MinutesForm: events.MinutesForm,
    events.CorrectForm: events.CorrectForm,
    events.WordsForm: events.WordsForm,
    events.RejectForm: events.RejectForm,
    names.ReadNameForm: names.ReadNameForm,
    publishing.ReadForm: publishing.ReadForm,
    publishing.CardReadForm: publishing.CardReadForm,
    rewording.RewordForm: rewording.RewordForm,
    coming.ComingForm: coming.ComingForm,
    coming.RemindForm: coming.RemindForm,
    practice.PracticeForm: practice.PracticeForm,
    survey.SurveyForm: survey.SurveyForm,
    survey.QuestionForm: survey.QuestionForm,
    survey.LongerForm: survey.LongerForm,
    survey.SureForm: survey.SureForm,
    answering.AnswerForm: lambda data: answering.AnswerForm(data, survey=Survey.objects.first() or opened()),
    initiatives.InitiativeForm: lambda data: initiatives.InitiativeForm(data, user=factories.official()),
    initiatives.JoiningForm: lambda data: initiatives.JoiningForm(data, initiative=_initiative()),
    initiatives.ResultForm: initiatives.ResultForm,
    initiatives.MessageForm: initiatives.MessageForm,
    pledges.PledgeForm: lambda data: pledges.PledgeForm(data, user=factories.official()),
    pledges.PledgeEndForm: pledges.PledgeEndForm,
    **{plain: plain for plain in (policy.PromiseForm, policy.KeepForm, policy.PostponeForm, policy.EndForm, policy.ChangeForm)},
    alternatives.ComparisonForm: lambda data: alternatives.ComparisonForm(data, user=factories.official()),
    alternatives.VariantForm: lambda data: alternatives.VariantForm(data, user=factories.official(), own=True),
    alternatives.ProlongForm: alternatives.ProlongForm,
    alternatives.DecideForm: lambda data: alternatives.DecideForm(data, comparison=Comparison.objects.first() or compared.opened()),
    adopted.PolicyForm: lambda data: adopted.PolicyForm(data, user=factories.official()),
    adopted.WeightsForm: lambda data: adopted.WeightsForm(data, parts=[(("measure", 7), "Сянка", 2)]),
    **{each: each for each in (adopted.UnkeepForm, goal.GoalEndForm)},
    adopted.ProjectForm: lambda data: adopted.ProjectForm(data, policy=Policy(pk=0)),
    service.ServiceForm: service.ServiceForm,
    goal.GoalForm: lambda data: goal.GoalForm(data, goal=Goal(pk=7)),
    consulting.ConsultationForm: lambda data: consulting.ConsultationForm(data, user=factories.official()),
    consulting.DraftForm: consulting.DraftForm,
    consulting.SectionForm: lambda data: consulting.SectionForm(data, public=True),
    consulting.RowForm: lambda data: consulting.RowForm(data, others=[(Proposal(pk=7), "Да има липи.")]),
    consulting.CollectForm: lambda data: consulting.CollectForm(data, comments=[Comment(pk=7, text="Хубаво.")]),
    **{each: each for each in (consulting.PaperForm, consulting.ProlongForm, consulting.SureForm, consulting.GiveForm)},
    consulting.AdoptForm: lambda data: consulting.AdoptForm(data, again=True),
    desk.RedactForm: lambda data: desk.RedactForm(data, report=_case()),
}  # fmt: skip
BODIES: dict[type[serializers.Serializer], dict[str, Any]] = {
    Sent: body(),
    Supporter: {"email": "rada@levka.test"},
    Asked: {"name": "x", "scopes": ["read"], "expires_on": None},
    Registered: {"number": "РД-12"},
    CommentSent: {"text": "Вярно е."},
    CommentMended: {"text": "Вярно е."},
    Act: {"name": "refuse", "reason": "not_ours", "text": "Не е наше."},
}


def _reader() -> Correspondent:
    return Correspondent.objects.first() or factories.guest()


def _initiative() -> Initiative:
    return Initiative.objects.first() or propose(proposed(), by=factories.official(), client_uuid=uuid.uuid4())


def _case() -> Report:
    return Report.objects.select_related("subject").first() or factories.report()
