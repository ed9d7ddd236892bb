"""Changing rows: what is refused, where the error stands, what is kept; moving, adding, deleting."""

import pytest

from screening.admin.links import linked
from screening.models import (
    AuditEvent,
    DraftChoice,
    DraftDefinition,
    DraftDisposition,
    DraftProperty,
    DraftQuestion,
    DraftRule,
    DraftVignette,
)
from screening.policies import RULE_EDITORS
from tests.factories import staff
from tests.integration.rules_admin.pages import address, error_of, errors_at, filled_in, save, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(draft):
    return DraftRule.objects.get(draft=draft, part_id="S1")


class TestListsOfRules:
    def test_only_alarm_rules_or_only_others(self, editing, draft):
        alarms = set(DraftRule.objects.exclude(clarify_within_hours=None).values_list("part_id", flat=True))
        assert alarms
        for asked, shown in (
            ("yes", alarms),
            ("no", set(DraftRule.objects.values_list("part_id", flat=True)) - alarms),
        ):
            page = editing.get("/admin/screening/draftrule/", {"draft": draft.pk, "alarm": asked})
            assert {row.part_id for row in page.context["cl"].result_list} == shown

    def test_long_words_are_shortened(self, editing, draft, rule):
        DraftRule.objects.filter(pk=rule.pk).update(title="word " * 60)
        page = text_of(editing.get(f"/admin/screening/draftrule/?draft={draft.pk}"))
        assert "word word" in page
        assert "word " * 50 not in page


class TestExpressions:
    def test_a_name_as_long_as_a_page_is_not_said_back_whole(self, editing, rule):
        page = text_of(save(editing, rule, when="a" * 5_000))
        assert "There is no question or definition aaa" in page
        # In the box itself, and nowhere else.
        assert page.count("a" * 1_000) == 5

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            (
                "grade >= ",
                "but the expression ends. Column 9: grade >= (the end)",
            ),
            ("grad >= 4", "There is no question or definition grad. Did you mean grade? Column 1: grad >= 4"),
            ("numb = 'yess'", "numb has no answer 'yess'. Did you mean yes? Column 8: numb = 'yess'"),
            ("numb == 'yes'", "write one =".capitalize()),
            ("grade", "a number, but a condition is needed here"),
            ("grade >= 9", "lies outside"),
            ("old = 'yes'", "cannot be compared"),
            ("tried = 'pills'", "Use contains"),
            ("notes is null", "free text"),
            ("numb = 'yes' or chest = 'yes' and fever = 'yes'", "in parentheses"),
        ],
    )
    def test_an_error_stands_under_its_field_and_nothing_is_saved(self, editing, rule, typed, told):
        response = save(editing, rule, when=typed)
        page = response.content.decode()
        assert response.status_code == 200
        assert told in errors_at(page, "when").replace("`", "")
        # What was typed is kept in the box.
        assert text_of(response).count(typed.strip()) >= 1
        rule.refresh_from_db()
        assert rule.when == "grade >= 4"

    def test_the_place_is_marked(self, editing, rule):
        page = save(editing, rule, when="grade >= 4 and numbb = 'yes'").content.decode()
        assert "<mark>numbb</mark>" in page
        assert 'aria-invalid="true"' in page

    def test_several_errors_at_once(self, editing, rule):
        words = error_of(editing, rule, "when", when="numbb = 'yes' or chestt = 'yes'")
        assert "numbb" in words
        assert "chestt" in words

    def test_a_hostile_one_is_shown_as_text(self, editing, rule):
        page = save(editing, rule, when="<script>alert(1)</script> = 'x'").content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;" in errors_at(page, "when") + page

    def test_when_right_it_is_said_in_words(self, editing, rule):
        save(editing, rule, when="grade >= 4 and numb = 'yes'")
        page = text_of(editing.get(address(rule)))
        assert "In words: all of these: “grade?” is at least 4 “numb?” is “Yes”" in page

    def test_a_definition_may_be_a_number_or_a_condition(self, editing, draft):
        row = DraftDefinition.objects.get(draft=draft)
        assert save(editing, row, meaning="age_years / 2").status_code == 302
        assert save(editing, row, meaning="age_years > 2").status_code == 302
        assert "Only a question" in errors_at(
            save(editing, row, meaning="wish contains 'other'").content.decode(), "meaning"
        )

    def test_a_circle_is_told_where_it_was_closed(self, editing, draft):
        DraftDefinition.objects.create(draft=draft, order=2, part_id="older", title="x", meaning="old and grade >= 1")
        row = DraftDefinition.objects.get(draft=draft, part_id="old")
        assert "in a circle" in error_of(editing, row, "meaning", meaning="older")
        assert "in a circle" in error_of(editing, row, "meaning", meaning="old")

    def test_a_circle_that_came_with_a_file_breaks_no_page(self, editing, draft):
        DraftDefinition.objects.filter(draft=draft, part_id="old").update(meaning="older")
        DraftDefinition.objects.create(draft=draft, order=2, part_id="older", title="x", meaning="old")
        rule = DraftRule.objects.get(draft=draft, part_id="S1")
        assert save(editing, rule, when="old").status_code == 302
        assert editing.get(address(rule)).status_code == 200

    def test_questions_have_them_too(self, editing, draft):
        row = DraftQuestion.objects.get(draft=draft, part_id="weeks")
        assert "numbb" in error_of(editing, row, "show_if", show_if="numbb = 'yes'")
        assert save(editing, row, show_if="numb = 'yes'").status_code == 302
        assert save(editing, row, show_if=" ").status_code == 302
        row.refresh_from_db()
        assert row.show_if is None

    @pytest.mark.parametrize("field", ["given", "requires"])
    def test_properties_have_two(self, editing, draft, field):
        row = DraftProperty.objects.create(draft=draft, part_id="P1", claim="c", kind="whenever", order=1)
        assert "numbb" in errors_at(save(editing, row, **{field: "numbb = 'yes'"}).content.decode(), field)


class TestLiveCheck:
    def check(self, client, draft, text, column="when", model="draftrule", row=None):
        url = f"/admin/screening/{model}/check/?draft={draft.pk}&row={row.pk if row else ''}"
        return client.post(url, {column: text}, headers={"HX-Trigger-Name": column})

    def test_it_says_what_is_wrong_or_what_it_means(self, editing, draft):
        assert "<mark>grad</mark>" in self.check(editing, draft, "grad >= 4").content.decode()
        assert "is at least 4" in text_of(self.check(editing, draft, "grade >= 4"))
        assert text_of(self.check(editing, draft, "")) == ""

    def test_it_knows_the_row_it_is_about(self, editing, draft):
        row = DraftDefinition.objects.get(draft=draft)
        said = self.check(editing, draft, "old", "meaning", "draftdefinition", row)
        assert "in a circle" in text_of(said)

    def test_only_expressions_are_checked(self, editing, draft):
        assert self.check(editing, draft, "x", "title").status_code == 400
        assert self.check(editing, draft, "x", "pk").status_code == 400
        assert editing.get(f"/admin/screening/draftrule/check/?draft={draft.pk}").status_code == 400

    def test_not_for_others(self, draft, signed_in, site):
        assert self.check(signed_in(staff(site, is_staff=True)), draft, "numb = 'yes'").status_code == 403


class TestFields:
    def test_the_id_of_another_is_refused_in_one_name_space(self, editing, draft):
        row = DraftDefinition.objects.get(draft=draft)
        page = save(editing, row, part_id="numb").content.decode()
        assert errors_at(page, "part_id") == "There is a question with this id already."

    def test_an_id_that_cannot_be_one(self, editing, rule):
        assert "beginning with a letter" in error_of(editing, rule, "part_id", part_id="1 x")

    def test_choices_are_saved_with_their_question(self, editing, draft):
        row = DraftQuestion.objects.get(draft=draft, part_id="wish")
        changes = {
            "choices-TOTAL_FORMS": "4",
            "choices-0-label": "An operation",
            "choices-1-order": "3",
            "choices-2-DELETE": "on",
            "choices-3-question": str(row.pk),
            "choices-3-value": "unsure",
            "choices-3-label": "Not sure",
        }
        assert save(editing, row, **changes).status_code == 302
        said = [(choice.value, choice.label) for choice in row.choices.all()]
        assert said == [("surgery", "An operation"), ("other", "other"), ("unsure", "Not sure")]
        event = AuditEvent.objects.filter(action="row.change").latest("number")
        assert [choice["value"] for choice in event.before["choices"]] == ["surgery", "other", "none_of_it"]
        assert [choice["value"] for choice in event.after["choices"]] == ["surgery", "other", "unsure"]

    def test_a_choice_cannot_be_there_twice(self, editing, draft):
        row = DraftQuestion.objects.get(draft=draft, part_id="wish")
        page = save(editing, row, **{"choices-1-value": "surgery"}).content.decode()
        assert "is there twice" in errors_at(page, "choices-1-value")
        assert "without quotes" in errors_at(
            save(editing, row, **{"choices-1-value": "it's"}).content.decode(), "choices-1-value"
        )

    def test_ticking_keeps_the_order_of_the_document(self, editing, draft):
        row = DraftRule.objects.get(draft=draft, part_id="S1")
        row.supports = ["fusion"]
        row.save()
        save(editing, row, supports=["discectomy", "fusion"])
        row.refresh_from_db()
        assert row.supports == ["fusion", "discectomy"]

    def test_what_is_not_there_any_more_is_shown_and_kept(self, editing, rule):
        rule.cites = ["gone"]
        rule.save()
        assert "gone: is not there (any more)" in text_of(editing.get(address(rule)))
        assert save(editing, rule, title="Other").status_code == 302
        rule.refresh_from_db()
        assert rule.cites == ["gone"]

    def test_answers_of_a_test_patient(self, editing, draft):
        row = DraftVignette.objects.get(draft=draft, part_id="V2")
        assert "Did you mean grade?" in error_of(editing, row, "answers", answers="grad: 4")
        assert "not YAML" in error_of(editing, row, "answers", answers="a: [")
        assert "Write one" in error_of(editing, row, "answers", answers="- grade")
        assert "not used" in error_of(editing, row, "answers", answers="a: &x 1")
        assert "no field" in error_of(editing, row, "expect_more", expect_more="fird: [S1]")
        assert save(editing, row, answers="grade: 5\r\ntried: [pills, gym]\r\n").status_code == 302
        row.refresh_from_db()
        assert row.answers == {"grade": 5, "tried": ["pills", "gym"]}

    def test_the_details_of_the_draft(self, editing, draft):
        page = save(editing, draft, sections="- title: x").content.decode()
        assert errors_at(page, "sections") == "entry 1, id: This field is missing."
        assert "written as its tag" in error_of(editing, draft, "language", language="English!")
        assert save(editing, draft, notice="- One\r\n- Two\r\n").status_code == 302
        draft.refresh_from_db()
        assert draft.notice == ["One", "Two"]
        assert AuditEvent.objects.latest("number").after == {"notice": ["One", "Two"]}


class TestAddingMovingDeleting:
    def add(self, client, draft, **fields):
        url = f"/admin/screening/draftdefinition/add/?draft={draft.pk}"
        return client.post(url, filled_in(client, url, "draftdefinition_form", **fields))

    def test_add(self, editing, draft):
        response = self.add(editing, draft, part_id="young", title="Young", meaning="age_years < 40")
        assert response["Location"] == f"/admin/screening/draftdefinition/?draft={draft.pk}"
        assert [row.part_id for row in draft.rows(DraftDefinition)] == ["old", "young"]
        assert AuditEvent.objects.latest("number").action == "row.add"

    def test_add_at_a_place(self, editing, draft):
        self.add(editing, draft, part_id="young", title="Young", meaning="age_years < 40", order="1")
        assert [(row.order, row.part_id) for row in draft.rows(DraftDefinition)] == [(1, "young"), (2, "old")]

    def test_add_names_what_is_wrong(self, editing, draft):
        response = self.add(editing, draft, part_id="young", title="", meaning="age < 40")
        assert "required" in errors_at(response.content.decode(), "title")
        assert "age" in errors_at(response.content.decode(), "meaning")

    def test_move_by_buttons(self, editing, draft):
        second = draft.rows(DraftRule)[1]
        response = editing.post(f"/admin/screening/draftrule/{second.pk}/move/up/")
        assert response["Location"].endswith(f"#row-{second.pk}")
        assert [row.part_id for row in draft.rows(DraftRule)][:3] == ["E2", "E1", "U1"]
        editing.post(f"/admin/screening/draftrule/{second.pk}/move/up/")
        assert draft.rows(DraftRule)[0] == second

    def test_move_by_number_beside_what_others_moved(self, editing, draft):
        row = draft.rows(DraftRule)[0]
        opened = filled_in(editing, address(row), "draftrule_form", title="Changed")
        editing.post(f"/admin/screening/draftrule/{row.pk}/move/down/")
        # The form still says 1, but this editor did not touch the place.
        assert editing.post(address(row), opened).status_code == 302
        assert draft.rows(DraftRule)[1].title == "Changed"
        save(editing, row, order="99")
        assert draft.rows(DraftRule).last() == row
        assert [other.order for other in draft.rows(DraftRule)] == list(range(1, 10))

    def test_deleting_says_what_breaks_and_the_page_then_lists_it(self, editing, draft):
        row = DraftQuestion.objects.get(draft=draft, part_id="grade")
        page = text_of(editing.get(address(row, "delete")))
        assert "Rule U2, when : There is no question or definition grade" in page
        assert "Test patient V2, answers : There is no question grade ." in page
        editing.post(address(row, "delete"), {"post": "yes"})
        assert {problem.place for problem in draft.problems()} == {
            "rules/U2/when",
            "rules/S1/when",
            "vignettes/V2/answers",
        }
        assert not DraftChoice.objects.filter(question_id=row.pk).exists()
        assert AuditEvent.objects.latest("number").before["text"] == "grade?"

    def test_each_problem_leads_to_its_field(self, editing, draft):
        DraftQuestion.objects.get(draft=draft, part_id="grade").delete()
        DraftRule.objects.filter(draft=draft, part_id="E1").update(disposition="nowhere")
        DraftDisposition.objects.filter(draft=draft, part_id="soon").update(contact_within_hours=5000)
        DraftQuestion.objects.filter(draft=draft, part_id="wish").update(type="yes_no")
        draft.clarify_disposition = "nobody"
        draft.save()
        found = linked(draft, draft.problems())
        assert len(found) > 6
        page = editing.get(f"/admin/screening/pathway/{draft.pathway_id}/change/").content.decode()
        for problem in found:
            address, _, mark = problem.address.partition("#")
            assert f'href="{problem.address}"' in page
            assert f'id="{mark}"' in editing.get(address).content.decode(), problem

    def test_the_row_says_itself_what_is_wrong_with_it(self, editing, draft):
        DraftQuestion.objects.get(draft=draft, part_id="grade").delete()
        row = DraftRule.objects.get(draft=draft, part_id="S1")
        assert "As it is stored now, this is wrong here: There is no question or definition grade" in text_of(
            editing.get(address(row))
        )
        rows = text_of(editing.get(f"/admin/screening/draftrule/?draft={draft.pk}"))
        assert rows.count("There is no question or definition grade") == 2

    def test_what_uses_a_question_is_shown(self, editing, draft):
        row = DraftQuestion.objects.get(draft=draft, part_id="grade")
        assert "Used by rule U2 rule S1" in text_of(editing.get(address(row)))


class TestTwoEditors:
    @pytest.fixture
    def other(self, site, signed_in):
        return signed_in(staff(site, RULE_EDITORS, is_staff=True, first_name="Otto", last_name="Lang"))

    def test_the_second_is_told_and_nothing_is_overwritten(self, editing, other, rule):
        opened = filled_in(editing, address(rule), "draftrule_form", title="Mine")
        save(other, rule, title="Theirs")
        response = editing.post(address(rule), opened)
        assert response.status_code == 200
        assert "Otto Lang changed this at" in text_of(response)
        assert 'value="Mine"' in response.content.decode()
        assert f'<a href="{address(rule)}" target="_blank"' in " ".join(response.content.decode().split())
        rule.refresh_from_db()
        assert rule.title == "Theirs"

    def test_also_for_the_details(self, editing, other, draft):
        opened = filled_in(editing, address(draft), "draft_form", title="Mine")
        save(other, draft, title="Theirs")
        assert "Otto Lang changed this at" in text_of(editing.post(address(draft), opened))

    def test_also_for_choices(self, editing, other, draft):
        row = DraftQuestion.objects.get(draft=draft, part_id="wish")
        opened = filled_in(editing, address(row), "draftquestion_form", text="Mine?")
        save(other, row, **{"choices-0-label": "Theirs"})
        assert "Otto Lang changed this at" in text_of(editing.post(address(row), opened))

    def test_other_rows_are_no_matter(self, editing, other, draft, rule):
        opened = filled_in(editing, address(rule), "draftrule_form", title="Mine")
        save(other, DraftRule.objects.get(draft=draft, part_id="E1"), title="Theirs")
        assert editing.post(address(rule), opened).status_code == 302

    def test_a_row_deleted_meanwhile(self, editing, other, rule):
        opened = filled_in(editing, address(rule), "draftrule_form", title="Mine")
        other.post(address(rule, "delete"), {"post": "yes"})
        response = editing.post(address(rule), opened)
        assert response.status_code == 409
        assert "Otto Lang has deleted this rule" in text_of(response)
        assert "Title Mine" in text_of(response)
        assert "Perhaps it was deleted?" in text_of(editing.get(address(rule), follow=True))

    def test_another_mistake_is_no_conflict(self, editing, rule):
        assert "Open it as it is now" not in text_of(save(editing, rule, title=""))


class TestLists:
    def rows(self, client, draft, query):
        return client.get(f"/admin/screening/draftquestion/?draft={draft.pk}&{query}").context["cl"].result_list

    def test_searched_and_filtered(self, editing, draft):
        assert [row.part_id for row in self.rows(editing, draft, "q=weeks")] == ["weeks"]
        assert [row.part_id for row in self.rows(editing, draft, "section=safety")] == ["numb", "chest", "fever"]
        assert [row.part_id for row in self.rows(editing, draft, "audience__exact=system")] == ["alarm_withdrawn"]
        rules = editing.get(f"/admin/screening/draftrule/?draft={draft.pk}&disposition=soon").context["cl"].result_list
        assert [row.part_id for row in rules] == ["U1", "U2"]

    def test_rules_are_found_by_what_they_cite(self, editing, draft):
        DraftRule.objects.filter(draft=draft, part_id="U1").update(cites=["nice_ng59"])
        rules = editing.get(f"/admin/screening/draftrule/?draft={draft.pk}&q=NG59").context["cl"].result_list
        assert [row.part_id for row in rules] == ["U1"]

    def test_without_a_draft_named_the_only_one_is_shown(self, editing, draft):
        response = editing.get("/admin/screening/draftquestion/")
        assert response["Location"] == f"/admin/screening/draftquestion/?draft={draft.pk}"

    def test_with_several_the_questionnaire_is_chosen_first(self, editing, draft, lumbar):
        assert editing.get("/admin/screening/draftquestion/")["Location"] == "/admin/screening/pathway/"
        assert editing.get("/admin/screening/draftquestion/add/")["Location"] == "/admin/screening/pathway/"

    @pytest.mark.parametrize("draft_id", ["", "0", "x", "99999999999999999999", "²"])
    def test_a_draft_that_is_not_there(self, editing, draft, lumbar, draft_id):
        assert editing.get(f"/admin/screening/draftrule/?draft={draft_id}").status_code == 302

    def test_what_does_not_come_out_as_expected_is_said_in_the_list(self, editing, draft):
        save(editing, DraftRule.objects.get(draft=draft, part_id="S1"), when="grade >= 5")
        words = text_of(editing.get(f"/admin/screening/draftvignette/?draft={draft.pk}"))
        assert "disposition: expected big_cut, got elsewhere" in words


class TestWithoutJavaScript:
    def test_the_list_of_what_can_be_asked_is_there_to_read(self, editing, rule):
        page = editing.get(address(rule))
        html = page.content.decode()
        assert "<code data-insert>numb = &#x27;yes&#x27;</code>" in html
        assert "<code data-insert>tried contains &#x27;pills&#x27;</code>" in html
        assert "<code data-insert>grade is null</code>" in html
        assert "<code data-insert>old</code>" in html
        assert "Cannot be used in an expression." in text_of(page)
        # Nothing that does nothing: buttons are made by the script.
        assert "<button data-insert" not in html
        assert '<textarea name="when"' in html
