"""Who may give which command."""

from station.core.cases import CaseRefused, Refusal
from station.core.commands import (
    AttachReading,
    CheckByHand,
    CloseCase,
    Command,
    HandOver,
    IsolateCase,
    RecordCheck,
    RegisterCase,
    ResolveCase,
    RestTraveller,
    SendReport,
    SetRoom,
    TakeBack,
    TypeReading,
)
from station.core.people import Person, Role
from station.core.people_commands import (
    AddAccount,
    BlockAccount,
    ListAccounts,
    ReadAudit,
    SetCard,
    SetPin,
)
from station.core.questions import (
    AskStatistics,
    CancelWork,
    ExportAudit,
    ExportPassages,
    SearchPassages,
    VerifyAudit,
)
from station.core.service_commands import (
    ListCertificates,
    ListVersions,
    MakeBackup,
    MakeBundle,
    NoteBackup,
    ReadLog,
    SetMasks,
    SetRegions,
    SetSweptPlace,
    TakeVersion,
)
from station.core.shift_commands import AskShift, OfferShift, TakeShift, WithdrawShift
from station.core.simulator_commands import (
    ClearFaults,
    LookAtSimulators,
    SendPeople,
    SetSceneSpeed,
    SwitchFault,
    TellSimulator,
)
from station.core.threshold_commands import (
    AskThreshold,
    ConfirmThreshold,
    ProposeThreshold,
    WithdrawThreshold,
)

LEAST_ROLE: dict[type[Command], Role] = {
    AttachReading: Role.OPERATOR,
    ResolveCase: Role.OPERATOR,
    CheckByHand: Role.OPERATOR,
    HandOver: Role.OPERATOR,
    RestTraveller: Role.OPERATOR,
    RegisterCase: Role.OPERATOR,
    IsolateCase: Role.OPERATOR,
    CloseCase: Role.OPERATOR,
    TakeBack: Role.OPERATOR,
    TypeReading: Role.OPERATOR,
    RecordCheck: Role.OPERATOR,
    SendReport: Role.SHIFT_LEAD,
    SetRoom: Role.SHIFT_LEAD,
    ListAccounts: Role.SHIFT_LEAD,
    AddAccount: Role.SHIFT_LEAD,
    SetPin: Role.SHIFT_LEAD,
    SetCard: Role.SHIFT_LEAD,
    BlockAccount: Role.SHIFT_LEAD,
    ProposeThreshold: Role.SHIFT_LEAD,
    ConfirmThreshold: Role.SHIFT_LEAD,
    WithdrawThreshold: Role.SHIFT_LEAD,
    OfferShift: Role.SHIFT_LEAD,
    TakeShift: Role.SHIFT_LEAD,
    WithdrawShift: Role.SHIFT_LEAD,
    AskThreshold: Role.AUDITOR,
    AskShift: Role.AUDITOR,
    ReadAudit: Role.AUDITOR,
    VerifyAudit: Role.AUDITOR,
    ExportAudit: Role.AUDITOR,
    SearchPassages: Role.AUDITOR,
    AskStatistics: Role.AUDITOR,
    ExportPassages: Role.AUDITOR,
    CancelWork: Role.AUDITOR,
    ListVersions: Role.TECHNICIAN,
    ListCertificates: Role.TECHNICIAN,
    TakeVersion: Role.TECHNICIAN,
    SetMasks: Role.TECHNICIAN,
    SetRegions: Role.TECHNICIAN,
    SetSweptPlace: Role.TECHNICIAN,
    ReadLog: Role.TECHNICIAN,
    MakeBundle: Role.TECHNICIAN,
    MakeBackup: Role.TECHNICIAN,
    NoteBackup: Role.TECHNICIAN,
    LookAtSimulators: Role.TECHNICIAN,
    SwitchFault: Role.TECHNICIAN,
    ClearFaults: Role.TECHNICIAN,
    SendPeople: Role.TECHNICIAN,
    SetSceneSpeed: Role.TECHNICIAN,
    TellSimulator: Role.TECHNICIAN,
}
"""The least role for each command; whoever stands above it may give it, too."""

_WORDS = {
    Role.AUDITOR: "an auditor",
    Role.OPERATOR: "an operator",
    Role.SHIFT_LEAD: "a shift lead",
    Role.TECHNICIAN: "a technician",
}


def may_give(kind: type[Command], role: Role) -> bool:
    """Whether a role may give commands of this type; what has no row is nobody's."""
    least = LEAST_ROLE.get(kind)
    return least is not None and role.covers(least)


def check_right(command: Command, person: Person | None) -> Person:
    """Return the person if they may give the command.

    Raises:
        CaseRefused: if nobody is signed in, or their role does not allow it.
    """
    if person is None:
        raise CaseRefused(Refusal.NOT_SIGNED_IN, "Nobody is signed in: sign in, and try again.")
    if not may_give(type(command), person.role):
        least = LEAST_ROLE.get(type(command))
        who = _WORDS[least] if least else "nobody"
        raise CaseRefused(
            Refusal.NOT_ALLOWED,
            f"{person.name} is {_WORDS[person.role]}, and this takes at least {who}: ask them.",
        )
    return person
