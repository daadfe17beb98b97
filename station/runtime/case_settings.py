"""From settings to the case flow."""

from config.case_settings import CollectionOrderSettings, DeadlineSettings
from config.settings import Settings
from station.core.case_flow import CaseFlow, Clinic
from station.core.identity import CollectionOrder, IdentityField, IdentityRules
from station.core.registration import Field, HubKind
from station.core.second_check import CheckRules
from station.core.stages import CaseStage, StageLimits
from station.runtime.lanes import build_policies


def build_flow(settings: Settings) -> CaseFlow:
    """Build how this site handles its cases."""
    r, check, call = settings.registration, settings.second_check, settings.hand_over
    hub = HubKind(r.hub)
    return CaseFlow(
        policies=build_policies(settings),
        rules=CheckRules(check.max_difference_c, check.strong_flag_c, check.rest_s),
        limits=_limits(settings.deadlines),
        hub=hub,
        asked=tuple(Field(name) for name in getattr(r, hub.value)),
        medicine_hours=r.medicine_hours,
        identity=IdentityRules(
            tuple(IdentityField(name) for name in r.identity),
            r.identity_days,
            tuple(_order(order) for order in settings.collection_orders),
            r.share_with_cdc,
        ),
        clinics=tuple(
            Clinic(one.name_zh, one.name_en, one.address_zh, one.address_en, one.telephone)
            for one in settings.clinics
        ),
        services=r.services,
        emergency=call.emergency,
        duty_desk=call.duty_desk,
        receipt_alarm_s=call.receipt_alarm_s,
        site_name=call.site_name or settings.station.site,
        time_zone=settings.station.time_zone,
    )


def _order(order: CollectionOrderSettings) -> CollectionOrder:
    return CollectionOrder(
        order_id=order.order_id,
        legal_basis=order.legal_basis,
        signed_by=order.signed_by,
        valid_from=order.valid_from,
        valid_until=order.valid_until,
        fields=tuple(IdentityField(name) for name in order.fields),
        keep_days=order.keep_days,
        share_with_cdc=order.share_with_cdc,
    )


def _limits(d: DeadlineSettings) -> StageLimits:
    minutes = {stage: getattr(d, stage.value) for stage in CaseStage if hasattr(d, stage.value)}
    return StageLimits({stage: value for stage, value in minutes.items() if value > 0})
