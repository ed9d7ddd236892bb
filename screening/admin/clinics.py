"""Clinics, their staff and what they offer, for administrators: each of their own clinic."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from screening.actions import accounts, clinic
from screening.admin.site import Guarded, actor_of, site
from screening.models import AuditEvent, Offering, Pathway, Site, StaffMember
from screening.policies import ADMINISTRATORS, ROLES, Actor, can_account, can_administer, is_superuser


class ClinicAdmin(Guarded):
    """Records of one clinic. Nothing is deleted: a clinic, an account or an offer is switched off."""

    # From a record to its clinic.
    site_lookup: ClassVar[str]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_administer(actor_of(request), self.site_of(obj) if obj else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def site_of(self, obj: Any) -> Site:
        return obj.site

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found, actor = super().get_queryset(request), actor_of(request)
        return found if is_superuser(actor) else found.filter(**{self.site_lookup: actor.site})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        form.actor = actor_of(request)
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        # Choosing only: what is chosen from has its own page.
        for name in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
            if field is not None and hasattr(field.widget, name):
                setattr(field.widget, name, False)
        return field


def _sites(actor: Actor) -> QuerySet[Site]:
    """The clinics this administrator looks after."""
    return Site.objects.all() if is_superuser(actor) else Site.objects.filter(pk=actor.site.pk if actor.site else None)


class SiteForm(forms.ModelForm):
    class Meta:
        model = Site
        fields = "__all__"  # noqa: DJ007 (SiteAdmin says which)
        labels = {
            "on_call_email": "On-call e-mail",
            "on_call_webhook": "On-call web address",
            "alert_every_minutes": "Alert again after (minutes)",
            "slug": "address",
            "email": "E-mail",
            "is_active": "Open",
        }
        help_texts = {
            "slug": "What patients type after the name of this site, like “riverside”. It is on paper: it stays.",
            "is_active": "Not ticked: every page for patients is gone, private pages too. "
            "To stop new patients only, close what the clinic offers.",
            "on_call_email": "Is alerted the moment somebody reaches the emergency page and can be reached.",
            "on_call_webhook": "The other way, where mail fails or nobody answers: a chat or paging program's incoming "
            "web address. A line of text without names is posted to it. It is a password in itself: keep it secret.",
            "alert_every_minutes": "Until somebody takes the call on the call-back list.",
        }
        widgets = {"on_call_webhook": forms.URLInput(attrs={"class": "vURLField", "autocomplete": "off"})}

    def clean_on_call_webhook(self) -> str | None:
        return self.cleaned_data["on_call_webhook"] or None


@admin.register(Site, site=site)
class SiteAdmin(ClinicAdmin):
    site_lookup = "pk"
    form = SiteForm
    list_display = ("name", "slug", "telephone", "emergency_number", "is_active")
    fieldsets = (
        (None, {"fields": ("name", "slug", "telephone", "email", "opening_hours", "time_zone", "is_active")}),
        ("Emergencies", {"fields": ("emergency_number", "on_call_email", "on_call_webhook", "alert_every_minutes")}),
    )

    def site_of(self, obj: Site) -> Site:
        return obj

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        return _sites(actor_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_administer(actor_of(request), Site())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Patients have its address on paper.
        return ("slug",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        clinic.save_site(actor=actor_of(request), site=obj)


class StaffForm(forms.ModelForm):
    """An account, its clinic and its roles on one page."""

    actor: ClassVar[Actor]

    username = forms.CharField(max_length=150, label="User name", validators=[UnicodeUsernameValidator()])
    first_name = forms.CharField(max_length=150, required=False)
    last_name = forms.CharField(max_length=150, required=False)
    email = forms.EmailField(required=False, label="E-mail")
    roles = forms.MultipleChoiceField(
        choices=[(role, role) for role in ROLES], required=False, widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        required=False,
        strip=False,
        label="New password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Empty: the one there is stays. Give it to them in person; they can change it themselves.",
    )
    is_active = forms.BooleanField(required=False, initial=True, label="May sign in")
    forget_second_factor = forms.BooleanField(
        required=False,
        label="Take the second factor away",
        help_text="For somebody who lost their telephone and their codes. Be sure that it is them who asks. "
        "They set up a new one at their next sign-in.",
    )

    class Meta:
        model = StaffMember
        fields = ("site",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = self.fields["site"].queryset = _sites(self.actor)
        if len(sites) == 1:
            self.fields["site"].initial = sites[0]
        self.fields["roles"].widget.attrs["aria-label"] = "Roles"
        if self.instance.pk:
            user = self.instance.user
            shown = ("username", "first_name", "last_name", "email", "is_active")
            self.initial |= {name: getattr(user, name) for name in shown}
            self.initial["roles"] = list(user.groups.values_list("name", flat=True))
        else:
            self.fields["password"].help_text = "At least 12 characters. Give it to them in person; they can change it."

    @property
    def user(self) -> User:
        """The account as it is to be saved."""
        user = self.instance.user if self.instance.pk else User()
        for name in ("username", "first_name", "last_name", "email", "is_active"):
            setattr(user, name, self.cleaned_data[name])
        return user

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        taken = User.objects.filter(username__iexact=name)
        if taken.exclude(pk=self.instance.user_id).exists():
            raise ValidationError("Somebody has this user name already.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password") and not self.errors:
            try:
                password_validation.validate_password(cleaned["password"], self.user)
            except ValidationError as error:
                self.add_error("password", error)
        if not self.instance.pk and not cleaned.get("password"):
            self.add_error("password", "Give the new account a password.")
        if self.instance.pk and not cleaned.get("is_active") and self.actor.id == str(self.instance.user_id):
            self.add_error("is_active", "You cannot switch off your own account.")
        if self._leaves_administration(cleaned.get("roles", ())):
            self.add_error("roles", accounts.KEEP_THE_KEYS)
        return cleaned

    def _leaves_administration(self, roles: Collection[str]) -> bool:
        own = self.instance.pk and self.actor.id == str(self.instance.user_id)
        return bool(own and ADMINISTRATORS in self.actor.roles - set(roles))


@admin.register(StaffMember, site=site)
class StaffAdmin(ClinicAdmin):
    site_lookup = "site"
    form = StaffForm
    list_display = ("user", "name", "roles_column", "site", "active_column")
    list_select_related = ("user", "site")
    search_fields = ("user__username", "user__last_name")
    fieldsets = (
        (None, {"fields": ("username", ("first_name", "last_name"), "email", "is_active")}),
        ("What they do", {"fields": ("site", "roles")}),
        ("Signing in", {"fields": ("password",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what can be taken away only where there is something to take."""
        *others, (title, options) = super().get_fieldsets(request, obj)
        if obj is None or not is_mfa_enabled(obj.user):
            return [*others, (title, options)]
        return [*others, (title, {"fields": (*options["fields"], "forget_second_factor")})]

    def events_about(self, obj: StaffMember) -> QuerySet[AuditEvent]:
        """The account is what things are done to."""
        return super().events_about(obj.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor = actor_of(request)
        return can_administer(actor) and (obj is None or can_account(actor, obj.user, obj.site))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("user__groups")

    @admin.display(description="name", ordering="user__last_name")
    def name(self, member: StaffMember) -> str:
        return member.user.get_full_name()

    @admin.display(description="roles")
    def roles_column(self, member: StaffMember) -> str:
        return ", ".join(sorted(group.name for group in member.user.groups.all()))

    @admin.display(description="may sign in", boolean=True)
    def active_column(self, member: StaffMember) -> bool:
        return member.user.is_active

    def save_model(self, request: HttpRequest, obj: StaffMember, form: Any, change: bool) -> None:
        said = form.cleaned_data
        member = accounts.save_account(
            actor=actor_of(request), user=form.user, site=said["site"], roles=said["roles"], password=said["password"]
        )
        obj.pk, obj.user = member.pk, member.user
        if change and said["forget_second_factor"]:
            accounts.forget_second_factor(actor=actor_of(request), user=member.user)
        if change and said["password"] and member.user_id == request.user.pk:
            messages.info(request, "Your password is changed: sign in again.")


@admin.register(Offering, site=site)
class OfferingAdmin(ClinicAdmin):
    site_lookup = "site"
    list_display = ("pathway", "site", "open_column")
    list_display_links = ("pathway",)
    list_select_related = ("pathway", "site")
    fields = ("site", "pathway", "is_open")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("site", "pathway") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return super().get_form(request, obj, change, labels={"is_open": "Patients can begin"}, **options)

    def events_about(self, obj: Offering) -> QuerySet[AuditEvent]:
        return super().events_about(obj.site).filter(action="site.offer", after__pathway=obj.pathway_id)

    @admin.display(description="patients can begin", boolean=True, ordering="is_open")
    def open_column(self, offering: Offering) -> bool:
        return offering.is_open

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "site":
            options["queryset"] = _sites(actor_of(request))
        if db_field.name == "pathway":
            options["queryset"] = Pathway.objects.all()
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Offering, form: Any, change: bool) -> None:
        saved = clinic.set_offering(actor=actor_of(request), site=obj.site, pathway=obj.pathway, is_open=obj.is_open)
        obj.pk = saved.pk
