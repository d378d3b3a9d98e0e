"""Commands: everything that can be done to a ledger.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense._shapes import (
    DOCUMENT,
    EMPTY,
    KEY,
    PLAIN,
    PRIVATE,
    ZONE,
    Many,
    Maybe,
    Of,
    OneWord,
    Table,
)
from mlicense._tagged import Command
from mlicense._typing import final
from mlicense.values import (
    _POLICY,
    AccountChanges,
    AccountDraft,
    AccountState,
    Assignment,
    Channel,
    Definition,
    DeviceDescription,
    DeviceProblem,
    DeviceState,
    KeyContents,
    MemberRole,
    PersonFields,
    Policy,
    StockSource,
    UserChanges,
    UserFields,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from mlicense._native import PublicKey

__all__ = [
    "AcknowledgeAccount",
    "ActivateUser",
    "AddMember",
    "AddPartnerUser",
    "AddPerson",
    "AddUser",
    "AdoptPolicy",
    "Allocate",
    "ChangePlan",
    "ChangeTerm",
    "ChargeBack",
    "Command",
    "CreateAccount",
    "DefineProduct",
    "DeleteAccount",
    "DeleteDevice",
    "EditAccount",
    "EditDevice",
    "EditProfile",
    "EditUser",
    "EraseHostLabel",
    "ErasePerson",
    "EstablishVendor",
    "ExpandHardware",
    "FreeHosts",
    "FreeMachine",
    "GiveLicenses",
    "GroupHosts",
    "InspectDevices",
    "IssueKeys",
    "IssueNumber",
    "LinkPartnerShop",
    "LinkShop",
    "MoveHardwareLicenses",
    "PublishKeyRing",
    "PublishPolicy",
    "PublishRevocations",
    "RebootDevice",
    "RecoverNumber",
    "RedeemKey",
    "RegisterCustomer",
    "RegisterDevice",
    "RegisterHardware",
    "RegisterNumber",
    "RegisterPartner",
    "RemoveMember",
    "RemovePartnerUser",
    "RenewTerm",
    "ReplaceAdministrator",
    "ReplaceDevice",
    "ReportDevice",
    "ResendActivation",
    "RestoreAccount",
    "SaveAssignments",
    "SetChannel",
    "SetDealer",
    "SetPrivacy",
    "SetWebhook",
    "StartSubscription",
    "StockLicenses",
    "StockPartner",
    "SuspendAccount",
    "TakeRequest",
    "TransferLicenses",
    "UndoAllocation",
    "UpgradeHardware",
    "VoidKey",
    "VoidLot",
]


@final
class EstablishVendor(Command):
    """Establishes the vendor and its root keys; the first command of a ledger.

    Attributes:
        vendor: The vendor's id, named in every document.
        roots: The public root keys that programs have compiled in.
        region: The region this ledger serves; without one, all.
        number_format: The form of registration numbers; without one none are given on request.
    """

    __slots__ = ("number_format", "region", "roots", "vendor")
    TAG = "establish_vendor"
    _FIELDS = (
        ("vendor", PLAIN),
        ("roots", Many(KEY)),
        ("region", Maybe(PLAIN)),
        ("number_format", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"region", "number_format"})
    vendor: str
    roots: tuple[PublicKey, ...]
    region: str | None
    number_format: str | None

    def __init__(
        self,
        *,
        vendor: str,
        roots: Iterable[PublicKey | str],
        region: str | None = None,
        number_format: str | None = None,
    ) -> None:
        self._fill(vendor, roots, region, number_format)


@final
class DefineProduct(Command):
    """Puts a product with its first policy into the catalogue.

    Attributes:
        product: Its id.
        definition: What it is.
        policy: The rules under which it is sold.
    """

    __slots__ = ("definition", "policy", "product")
    TAG = "define_product"
    _FIELDS = (("product", PLAIN), ("definition", Of(Definition)), ("policy", _POLICY))
    product: str
    definition: Definition
    policy: Policy

    def __init__(
        self,
        *,
        product: str,
        definition: Definition,
        policy: Policy,
    ) -> None:
        self._fill(product, definition, policy)


@final
class PublishPolicy(Command):
    """Publishes a further policy version of a product.

    Attributes:
        product: The product.
        policy: The rules.
    """

    __slots__ = ("policy", "product")
    TAG = "publish_policy"
    _FIELDS = (("product", PLAIN), ("policy", _POLICY))
    product: str
    policy: Policy

    def __init__(
        self,
        *,
        product: str,
        policy: Policy,
    ) -> None:
        self._fill(product, policy)


@final
class PublishKeyRing(Command):
    """Publishes a key ring signed by a root key.

    Attributes:
        document: The signed document.
    """

    __slots__ = ("document",)
    TAG = "publish_key_ring"
    _FIELDS = (("document", DOCUMENT),)
    document: str

    def __init__(
        self,
        *,
        document: bytes | str,
    ) -> None:
        self._fill(document)


@final
class PublishRevocations(Command):
    """Publishes a revocation list signed by a key of the ring or a root key.

    Attributes:
        document: The signed document.
    """

    __slots__ = ("document",)
    TAG = "publish_revocations"
    _FIELDS = (("document", DOCUMENT),)
    document: str

    def __init__(
        self,
        *,
        document: bytes | str,
    ) -> None:
        self._fill(document)


@final
class SetWebhook(Command):
    """Sets which kinds of events a webhook is told from now on.

    Each leaves a message in the outbox. Without kinds the webhook is gone; one that is set as it is
    already changes nothing.

    Attributes:
        webhook: The webhook; a new one, or one that is set anew.
        kinds: The kinds, such as ``key_redeemed``: the names that a receipt gives events.
    """

    __slots__ = ("kinds", "webhook")
    TAG = "set_webhook"
    _FIELDS = (("webhook", PLAIN), ("kinds", Many(PLAIN)))
    webhook: str
    kinds: tuple[str, ...]

    def __init__(
        self,
        *,
        webhook: str,
        kinds: Iterable[str],
    ) -> None:
        self._fill(webhook, kinds)


@final
class IssueKeys(Command):
    """Issues licence keys. Only digests and masked tails are kept.

    Attributes:
        batch: A new batch id.
        product: The product they are for.
        contents: What each key is worth.
        keys: The keys in full, 1 to 1000.
    """

    __slots__ = ("batch", "contents", "keys", "product")
    TAG = "issue_keys"
    _FIELDS = (
        ("batch", PLAIN),
        ("product", PLAIN),
        ("contents", Many(Of(KeyContents))),
        ("keys", Many(PRIVATE)),
    )
    batch: str
    product: str
    contents: tuple[KeyContents, ...]
    keys: tuple[str, ...]

    def __init__(
        self,
        *,
        batch: str,
        product: str,
        contents: Iterable[KeyContents],
        keys: Iterable[str],
    ) -> None:
        self._fill(batch, product, contents, keys)


@final
class RegisterCustomer(Command):
    """Registers a customer.

    Attributes:
        customer: A new customer id.
        zone: Where its days begin.
        region: The region of the vendor's service it belongs to.
    """

    __slots__ = ("customer", "region", "zone")
    TAG = "register_customer"
    _FIELDS = (("customer", PLAIN), ("zone", ZONE), ("region", Maybe(PLAIN)))
    _OMITTED = frozenset({"region"})
    customer: str
    zone: ZoneInfo
    region: str | None

    def __init__(
        self,
        *,
        customer: str,
        zone: ZoneInfo | str,
        region: str | None = None,
    ) -> None:
        self._fill(customer, zone, region)


@final
class AddPerson(Command):
    """Adds a person; name and address go to the erasable table.

    Attributes:
        person: A new person id.
        fields: Name and address.
    """

    __slots__ = ("fields", "person")
    TAG = "add_person"
    _FIELDS = (("person", PLAIN), ("fields", Of(PersonFields)))
    person: str
    fields: PersonFields

    def __init__(
        self,
        *,
        person: str,
        fields: PersonFields,
    ) -> None:
        self._fill(person, fields)


@final
class ErasePerson(Command):
    """Erases name and address of a person.

    Attributes:
        person: The person.
    """

    __slots__ = ("person",)
    TAG = "erase_person"
    _FIELDS = (("person", PLAIN),)
    person: str

    def __init__(
        self,
        *,
        person: str,
    ) -> None:
        self._fill(person)


@final
class AddMember(Command):
    """Makes a person a member of a customer with a role (S-AX-05).

    Attributes:
        customer: The customer.
        person: The person.
        role: What it may do; usually manage licences.
    """

    __slots__ = ("customer", "person", "role")
    TAG = "add_member"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN), ("role", OneWord(MemberRole)))
    customer: str
    person: str
    role: MemberRole

    def __init__(
        self,
        *,
        customer: str,
        person: str,
        role: MemberRole = MemberRole.MANAGER,
    ) -> None:
        self._fill(customer, person, role)


@final
class RemoveMember(Command):
    """Ends a membership.

    Attributes:
        customer: The customer.
        person: The person.
    """

    __slots__ = ("customer", "person")
    TAG = "remove_member"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN))
    customer: str
    person: str

    def __init__(
        self,
        *,
        customer: str,
        person: str,
    ) -> None:
        self._fill(customer, person)


@final
class TakeRequest(Command):
    """Does what a signed request asks for.

    Describes a system, starts a trial, redeems a coupon, binds a host or gives it back.

    Attributes:
        customer: The customer its installation belongs to; the one whose number it carries when
            absent.
        request: The signed request.
    """

    __slots__ = ("customer", "request")
    TAG = "take_request"
    _FIELDS = (("customer", Maybe(PLAIN)), ("request", DOCUMENT))
    _OMITTED = frozenset({"customer"})
    customer: str | None
    request: str

    def __init__(
        self,
        *,
        request: bytes | str,
        customer: str | None = None,
    ) -> None:
        self._fill(customer, request)


@final
class StartSubscription(Command):
    """Starts the subscription to a product.

    Attributes:
        customer: The customer.
        product: The product.
        term: Length of a period in months; without it the usual one.
    """

    __slots__ = ("customer", "product", "term")
    TAG = "start_subscription"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("term", Maybe(PLAIN)))
    _OMITTED = frozenset({"term"})
    customer: str
    product: str
    term: int | None

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        term: int | None = None,
    ) -> None:
        self._fill(customer, product, term)


@final
class RedeemKey(Command):
    """Redeems a licence key: everything it is worth goes to the wallet.

    Attributes:
        customer: The customer.
        product: The product the key should be for.
        key: The key as typed.
    """

    __slots__ = ("customer", "key", "product")
    TAG = "redeem_key"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("key", PRIVATE))
    customer: str
    product: str
    key: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        key: str,
    ) -> None:
        self._fill(customer, product, key)


@final
class Allocate(Command):
    """Allocates licences from the wallet to a period.

    Attributes:
        customer: The customer.
        product: The product.
        quantities: Licences by type.
        ahead: Periods ahead of the current one; 0, the usual, is the current one.
        term: Term of the licences in months, a whole multiple of the subscription's, which is
            usual.
    """

    __slots__ = ("ahead", "customer", "product", "quantities", "term")
    TAG = "allocate"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("quantities", Table(PLAIN)),
        ("ahead", PLAIN),
        ("term", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"ahead", "term"})
    customer: str
    product: str
    quantities: Mapping[str, int]
    ahead: int
    term: int | None

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        quantities: Mapping[str, int],
        ahead: int = 0,
        term: int | None = None,
    ) -> None:
        self._fill(customer, product, quantities, ahead, term)


@final
class StockLicenses(Command):
    """Puts licences into a wallet without a key.

    Attributes:
        customer: The customer.
        product: The product.
        contents: The licences.
        source: Where they come from.
        purchase: The number of the purchase: the same one is taken in once, whatever the command's
            id.
    """

    __slots__ = ("contents", "customer", "product", "purchase", "source")
    TAG = "stock_licenses"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("contents", Many(Of(KeyContents))),
        ("source", OneWord(StockSource)),
        ("purchase", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"purchase"})
    customer: str
    product: str
    contents: tuple[KeyContents, ...]
    source: StockSource
    purchase: str | None

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        contents: Iterable[KeyContents],
        source: StockSource,
        purchase: str | None = None,
    ) -> None:
        self._fill(customer, product, contents, source, purchase)


@final
class RegisterNumber(Command):
    """Registers a new customer by a request for a number, and gives it the number.

    Attributes:
        customer: A new customer id.
        person: A new id of the person to speak with.
        number: A new number in full.
        request: The signed request.
    """

    __slots__ = ("customer", "number", "person", "request")
    TAG = "register_number"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN), ("number", PRIVATE), ("request", DOCUMENT))
    customer: str
    person: str
    number: str
    request: str

    def __init__(
        self,
        *,
        customer: str,
        person: str,
        number: str,
        request: bytes | str,
    ) -> None:
        self._fill(customer, person, number, request)


@final
class IssueNumber(Command):
    """Gives a customer who is known already a number.

    Attributes:
        customer: The customer.
        number: A new number in full.
    """

    __slots__ = ("customer", "number")
    TAG = "issue_number"
    _FIELDS = (("customer", PLAIN), ("number", PRIVATE))
    customer: str
    number: str

    def __init__(
        self,
        *,
        customer: str,
        number: str,
    ) -> None:
        self._fill(customer, number)


@final
class RecoverNumber(Command):
    """Sends the owner of an address a new number, by a request to find a forgotten one.

    Attributes:
        number: A new number in full.
        request: The signed request.
    """

    __slots__ = ("number", "request")
    TAG = "recover_number"
    _FIELDS = (("number", PRIVATE), ("request", DOCUMENT))
    number: str
    request: str

    def __init__(
        self,
        *,
        number: str,
        request: bytes | str,
    ) -> None:
        self._fill(number, request)


@final
class FreeHosts(Command):
    """Frees a bound host, or all of them: its licence may be bound elsewhere (S-MK-46).

    Attributes:
        customer: The customer.
        product: The product.
        binding: The binding; all of them when absent.
        group: The group whose hosts are freed; hosts of any group and of none when absent.
        reason: Why.
    """

    __slots__ = ("binding", "customer", "group", "product", "reason")
    TAG = "free_hosts"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("binding", Maybe(PLAIN)),
        ("group", Maybe(PLAIN)),
        ("reason", PLAIN),
    )
    _OMITTED = frozenset({"binding", "group"})
    customer: str
    product: str
    binding: int | None
    group: str | None
    reason: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        reason: str,
        binding: int | None = None,
        group: str | None = None,
    ) -> None:
        self._fill(customer, product, binding, group, reason)


@final
class EraseHostLabel(Command):
    """Erases what a bound host is called, which its operator told.

    Attributes:
        customer: The customer.
        product: The product.
        binding: The binding.
    """

    __slots__ = ("binding", "customer", "product")
    TAG = "erase_host_label"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("binding", PLAIN))
    customer: str
    product: str
    binding: int

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        binding: int,
    ) -> None:
        self._fill(customer, product, binding)


@final
class GroupHosts(Command):
    """Declares a group of hosts that share one licence, such as the nodes of a cluster.

    See docs/hosts.md for what that promises.

    Attributes:
        customer: The customer.
        product: The product.
        group: The group.
        hosts: How many hosts it may have, at most 16; 0 ends a group in which none is bound.
    """

    __slots__ = ("customer", "group", "hosts", "product")
    TAG = "group_hosts"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("group", PLAIN), ("hosts", PLAIN))
    customer: str
    product: str
    group: str
    hosts: int

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        group: str,
        hosts: int,
    ) -> None:
        self._fill(customer, product, group, hosts)


@final
class AdoptPolicy(Command):
    """Keeps the newest policy of a product.

    From the customer's next period on, and for licences by host or device for what is granted from
    now on. An account keeps the policy it was opened under.

    Attributes:
        customer: The customer.
        product: The product.
    """

    __slots__ = ("customer", "product")
    TAG = "adopt_policy"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN))
    customer: str
    product: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
    ) -> None:
        self._fill(customer, product)


@final
class RegisterHardware(Command):
    """Registers hardware; what it is preloaded with is active at once, for its life.

    Attributes:
        customer: The customer.
        product: The product.
        hardware: The hardware.
        preloaded: Its licences by type; none where it has none.
    """

    __slots__ = ("customer", "hardware", "preloaded", "product")
    TAG = "register_hardware"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("hardware", PLAIN),
        ("preloaded", Table(PLAIN)),
    )
    _OMITTED = frozenset({"preloaded"})
    customer: str
    product: str
    hardware: str
    preloaded: Mapping[str, int]

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        hardware: str,
        preloaded: Mapping[str, int] = EMPTY,
    ) -> None:
        self._fill(customer, product, hardware, preloaded)


@final
class ExpandHardware(Command):
    """Allocates expansion licences from the wallet to hardware, for its life.

    Attributes:
        customer: The customer.
        hardware: The hardware.
        quantities: Licences by type.
    """

    __slots__ = ("customer", "hardware", "quantities")
    TAG = "expand_hardware"
    _FIELDS = (("customer", PLAIN), ("hardware", PLAIN), ("quantities", Table(PLAIN)))
    customer: str
    hardware: str
    quantities: Mapping[str, int]

    def __init__(
        self,
        *,
        customer: str,
        hardware: str,
        quantities: Mapping[str, int],
    ) -> None:
        self._fill(customer, hardware, quantities)


@final
class UpgradeHardware(Command):
    """Turns licences of hardware into licences of another type, each by one upgrade licence.

    Attributes:
        customer: The customer.
        hardware: The hardware.
        from_: The type they are of.
        to: The type they become.
        quantity: How many.
    """

    __slots__ = ("customer", "from_", "hardware", "quantity", "to")
    TAG = "upgrade_hardware"
    _FIELDS = (
        ("customer", PLAIN),
        ("hardware", PLAIN),
        ("from_", PLAIN),
        ("to", PLAIN),
        ("quantity", PLAIN),
    )
    customer: str
    hardware: str
    from_: str
    to: str
    quantity: int

    def __init__(
        self,
        *,
        customer: str,
        hardware: str,
        from_: str,
        to: str,
        quantity: int,
    ) -> None:
        self._fill(customer, hardware, from_, to, quantity)


@final
class MoveHardwareLicenses(Command):
    """Is always refused: licences of hardware stay with it.

    Attributes:
        customer: The customer.
        hardware: The hardware that has them.
        to: The hardware that should have them.
    """

    __slots__ = ("customer", "hardware", "to")
    TAG = "move_hardware_licenses"
    _FIELDS = (("customer", PLAIN), ("hardware", PLAIN), ("to", PLAIN))
    customer: str
    hardware: str
    to: str

    def __init__(
        self,
        *,
        customer: str,
        hardware: str,
        to: str,
    ) -> None:
        self._fill(customer, hardware, to)


@final
class TransferLicenses(Command):
    """Is always refused: nothing moves between customers.

    Attributes:
        customer: The customer that has them.
        to: The customer that should have them.
        product: The product.
    """

    __slots__ = ("customer", "product", "to")
    TAG = "transfer_licenses"
    _FIELDS = (("customer", PLAIN), ("to", PLAIN), ("product", PLAIN))
    customer: str
    to: str
    product: str

    def __init__(
        self,
        *,
        customer: str,
        to: str,
        product: str,
    ) -> None:
        self._fill(customer, to, product)


@final
class VoidKey(Command):
    """Correction: voids a key that nobody has redeemed.

    Attributes:
        product: The product the key should be for.
        key: The key in full.
        reason: Why.
    """

    __slots__ = ("key", "product", "reason")
    TAG = "void_key"
    _FIELDS = (("product", PLAIN), ("key", PRIVATE), ("reason", PLAIN))
    product: str
    key: str
    reason: str

    def __init__(
        self,
        *,
        product: str,
        key: str,
        reason: str,
    ) -> None:
        self._fill(product, key, reason)


@final
class VoidLot(Command):
    """Correction: takes an untouched lot out of circulation.

    Attributes:
        customer: The customer.
        product: The product.
        lot: The lot.
        reason: Why.
    """

    __slots__ = ("customer", "lot", "product", "reason")
    TAG = "void_lot"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("lot", PLAIN), ("reason", PLAIN))
    customer: str
    product: str
    lot: int
    reason: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        lot: int,
        reason: str,
    ) -> None:
        self._fill(customer, product, lot, reason)


@final
class ChargeBack(Command):
    """Correction: takes back what is left of a lot that was not paid for.

    Attributes:
        customer: The customer.
        product: The product.
        lot: The lot.
        reason: Why.
    """

    __slots__ = ("customer", "lot", "product", "reason")
    TAG = "charge_back"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("lot", PLAIN), ("reason", PLAIN))
    customer: str
    product: str
    lot: int
    reason: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        lot: int,
        reason: str,
    ) -> None:
        self._fill(customer, product, lot, reason)


@final
class FreeMachine(Command):
    """Correction.

    Gives up a customer's claim to a machine that it has no longer, such as one sold second-hand, so
    that whoever has it now can register.

    Attributes:
        customer: The customer that registered from it.
        request: A signed request of an installation on the machine, which tells its facts.
        reason: Why.
    """

    __slots__ = ("customer", "reason", "request")
    TAG = "free_machine"
    _FIELDS = (("customer", PLAIN), ("request", DOCUMENT), ("reason", PLAIN))
    customer: str
    request: str
    reason: str

    def __init__(
        self,
        *,
        customer: str,
        request: bytes | str,
        reason: str,
    ) -> None:
        self._fill(customer, request, reason)


@final
class UndoAllocation(Command):
    """Correction: undoes the newest allocation within its period, with what it gave back.

    Attributes:
        customer: The customer.
        product: The product.
        allocation: The number of the allocation.
        reason: Why.
    """

    __slots__ = ("allocation", "customer", "product", "reason")
    TAG = "undo_allocation"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("allocation", PLAIN), ("reason", PLAIN))
    customer: str
    product: str
    allocation: int
    reason: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        allocation: int,
        reason: str,
    ) -> None:
        self._fill(customer, product, allocation, reason)


@final
class CreateAccount(Command):
    """Creates a customer with an account.

    Attributes:
        customer: A new customer id.
        product: The product whose policy of account terms holds.
        draft: The pages, all filled in.
        client: A new id of the record with the customer's name and address.
        administrator: A new id of the administrator; not used where the username is known already.
        dealer: The partner who looks after the account, which is the customer's dealer from the
            beginning.
    """

    __slots__ = ("administrator", "client", "customer", "dealer", "draft", "product")
    TAG = "create_account"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("draft", Of(AccountDraft)),
        ("client", PLAIN),
        ("administrator", PLAIN),
        ("dealer", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"dealer"})
    customer: str
    product: str
    draft: AccountDraft
    client: str
    administrator: str
    dealer: str | None

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        draft: AccountDraft,
        client: str,
        administrator: str,
        dealer: str | None = None,
    ) -> None:
        self._fill(customer, product, draft, client, administrator, dealer)


@final
class EditAccount(Command):
    """Changes what stands on the first two pages of an account.

    Attributes:
        customer: The customer.
        changes: What changes.
    """

    __slots__ = ("changes", "customer")
    TAG = "edit_account"
    _FIELDS = (("customer", PLAIN), ("changes", Of(AccountChanges)))
    customer: str
    changes: AccountChanges

    def __init__(
        self,
        *,
        customer: str,
        changes: AccountChanges,
    ) -> None:
        self._fill(customer, changes)


@final
class AcknowledgeAccount(Command):
    """Says that what was left to the vendor's program is done.

    Attributes:
        customer: The customer.
        state: In which state it was left: ``creating``, ``updating`` or ``deleting``.
    """

    __slots__ = ("customer", "state")
    TAG = "acknowledge_account"
    _FIELDS = (("customer", PLAIN), ("state", OneWord(AccountState)))
    customer: str
    state: AccountState

    def __init__(
        self,
        *,
        customer: str,
        state: AccountState,
    ) -> None:
        self._fill(customer, state)


@final
class SuspendAccount(Command):
    """Suspends an account: its users cannot sign in, use and billing go on (S-ST-30).

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "suspend_account"
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class RestoreAccount(Command):
    """Ends the suspension of an account.

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "restore_account"
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class DeleteAccount(Command):
    """Deletes an account without devices (S-ST-37).

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "delete_account"
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class SetPrivacy(Command):
    """Sets whether the dealer may not enter a suspended account.

    Attributes:
        customer: The customer.
        privacy: Whether privacy is on.
    """

    __slots__ = ("customer", "privacy")
    TAG = "set_privacy"
    _FIELDS = (("customer", PLAIN), ("privacy", PLAIN))
    customer: str
    privacy: bool

    def __init__(
        self,
        *,
        customer: str,
        privacy: bool,
    ) -> None:
        self._fill(customer, privacy)


@final
class ChangeTerm(Command):
    """Chooses the term of an account.

    Attributes:
        customer: The customer.
        product: The product.
        term: The term, in months.
    """

    __slots__ = ("customer", "product", "term")
    TAG = "change_term"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("term", PLAIN))
    customer: str
    product: str
    term: int

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        term: int,
    ) -> None:
        self._fill(customer, product, term)


@final
class RenewTerm(Command):
    """Pays for one more term of an account.

    Attributes:
        customer: The customer.
        product: The product.
    """

    __slots__ = ("customer", "product")
    TAG = "renew_term"
    _FIELDS = (("customer", PLAIN), ("product", PLAIN))
    customer: str
    product: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
    ) -> None:
        self._fill(customer, product)


@final
class AddUser(Command):
    """Adds a user to a customer.

    Attributes:
        customer: The customer.
        person: A new person id; not used where the username is known already.
        role: What the user may do.
        user: Who the user is.
    """

    __slots__ = ("customer", "person", "role", "user")
    TAG = "add_user"
    _FIELDS = (
        ("customer", PLAIN),
        ("person", PLAIN),
        ("role", OneWord(MemberRole)),
        ("user", Of(UserFields)),
    )
    customer: str
    person: str
    role: MemberRole
    user: UserFields

    def __init__(
        self,
        *,
        customer: str,
        person: str,
        user: UserFields,
        role: MemberRole = MemberRole.MANAGER,
    ) -> None:
        self._fill(customer, person, role, user)


@final
class ActivateUser(Command):
    """Says that a user followed the activation mail.

    Attributes:
        person: The person.
    """

    __slots__ = ("person",)
    TAG = "activate_user"
    _FIELDS = (("person", PLAIN),)
    person: str

    def __init__(
        self,
        *,
        person: str,
    ) -> None:
        self._fill(person)


@final
class ResendActivation(Command):
    """Leaves the activation mail to be sent again.

    Attributes:
        customer: The customer.
        person: The person.
    """

    __slots__ = ("customer", "person")
    TAG = "resend_activation"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN))
    customer: str
    person: str

    def __init__(
        self,
        *,
        customer: str,
        person: str,
    ) -> None:
        self._fill(customer, person)


@final
class EditUser(Command):
    """Changes the record of another user.

    Attributes:
        customer: The customer.
        person: The person.
        changes: What changes.
    """

    __slots__ = ("changes", "customer", "person")
    TAG = "edit_user"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN), ("changes", Of(UserChanges)))
    customer: str
    person: str
    changes: UserChanges

    def __init__(
        self,
        *,
        customer: str,
        person: str,
        changes: UserChanges,
    ) -> None:
        self._fill(customer, person, changes)


@final
class EditProfile(Command):
    """Changes one's own record.

    Attributes:
        person: The person.
        changes: What changes.
    """

    __slots__ = ("changes", "person")
    TAG = "edit_profile"
    _FIELDS = (("person", PLAIN), ("changes", Of(UserChanges)))
    person: str
    changes: UserChanges

    def __init__(
        self,
        *,
        person: str,
        changes: UserChanges,
    ) -> None:
        self._fill(person, changes)


@final
class ReplaceAdministrator(Command):
    """Makes a member the administrator of an account.

    Attributes:
        customer: The customer.
        person: The person.
    """

    __slots__ = ("customer", "person")
    TAG = "replace_administrator"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN))
    customer: str
    person: str

    def __init__(
        self,
        *,
        customer: str,
        person: str,
    ) -> None:
        self._fill(customer, person)


@final
class AddPartnerUser(Command):
    """Adds a user to a partner.

    Attributes:
        partner: The partner.
        person: A new person id; not used where the username is known already.
        administrator: Whether the user is an administrator of the partner.
        user: Who the user is.
    """

    __slots__ = ("administrator", "partner", "person", "user")
    TAG = "add_partner_user"
    _FIELDS = (
        ("partner", PLAIN),
        ("person", PLAIN),
        ("administrator", PLAIN),
        ("user", Of(UserFields)),
    )
    partner: str
    person: str
    administrator: bool
    user: UserFields

    def __init__(
        self,
        *,
        partner: str,
        person: str,
        user: UserFields,
        administrator: bool = False,
    ) -> None:
        self._fill(partner, person, administrator, user)


@final
class RemovePartnerUser(Command):
    """Ends that a person is a user of a partner.

    Attributes:
        partner: The partner.
        person: The person.
    """

    __slots__ = ("partner", "person")
    TAG = "remove_partner_user"
    _FIELDS = (("partner", PLAIN), ("person", PLAIN))
    partner: str
    person: str

    def __init__(
        self,
        *,
        partner: str,
        person: str,
    ) -> None:
        self._fill(partner, person)


@final
class RegisterDevice(Command):
    """Registers a device.

    Attributes:
        customer: The customer.
        product: The product.
        device: A new device id.
        license_type: The type of licence it needs.
        description: What is told of it.
    """

    __slots__ = ("customer", "description", "device", "license_type", "product")
    TAG = "register_device"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("device", PLAIN),
        ("license_type", PLAIN),
        ("description", Of(DeviceDescription)),
    )
    customer: str
    product: str
    device: str
    license_type: str
    description: DeviceDescription

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        device: str,
        license_type: str,
        description: DeviceDescription = DeviceDescription(),
    ) -> None:
        self._fill(customer, product, device, license_type, description)


@final
class ReportDevice(Command):
    """Tells the state of a device.

    Attributes:
        customer: The customer.
        device: The device.
        state: The state.
        problem: What is wrong, when it is in error.
    """

    __slots__ = ("customer", "device", "problem", "state")
    TAG = "report_device"
    _FIELDS = (
        ("customer", PLAIN),
        ("device", PLAIN),
        ("state", OneWord(DeviceState)),
        ("problem", Maybe(OneWord(DeviceProblem))),
    )
    _OMITTED = frozenset({"problem"})
    customer: str
    device: str
    state: DeviceState
    problem: DeviceProblem | None

    def __init__(
        self,
        *,
        customer: str,
        device: str,
        state: DeviceState,
        problem: DeviceProblem | None = None,
    ) -> None:
        self._fill(customer, device, state, problem)


@final
class EditDevice(Command):
    """Changes what is told of a device.

    Attributes:
        customer: The customer.
        device: The device.
        description: What is told of it.
    """

    __slots__ = ("customer", "description", "device")
    TAG = "edit_device"
    _FIELDS = (("customer", PLAIN), ("device", PLAIN), ("description", Of(DeviceDescription)))
    customer: str
    device: str
    description: DeviceDescription

    def __init__(
        self,
        *,
        customer: str,
        device: str,
        description: DeviceDescription,
    ) -> None:
        self._fill(customer, device, description)


@final
class DeleteDevice(Command):
    """Deletes a device, which ends its billing and frees its licence (S-ST-50).

    Attributes:
        customer: The customer.
        device: The device.
    """

    __slots__ = ("customer", "device")
    TAG = "delete_device"
    _FIELDS = (("customer", PLAIN), ("device", PLAIN))
    customer: str
    device: str

    def __init__(
        self,
        *,
        customer: str,
        device: str,
    ) -> None:
        self._fill(customer, device)


@final
class ReplaceDevice(Command):
    """Replaces a device by a new one.

    Attributes:
        customer: The customer.
        device: The device replaced.
        by: A new device id.
        description: What is told of the new one; label, plan and quality are those of the old.
    """

    __slots__ = ("by", "customer", "description", "device")
    TAG = "replace_device"
    _FIELDS = (
        ("customer", PLAIN),
        ("device", PLAIN),
        ("by", PLAIN),
        ("description", Of(DeviceDescription)),
    )
    customer: str
    device: str
    by: str
    description: DeviceDescription

    def __init__(
        self,
        *,
        customer: str,
        device: str,
        by: str,
        description: DeviceDescription = DeviceDescription(),
    ) -> None:
        self._fill(customer, device, by, description)


@final
class ChangePlan(Command):
    """Changes the plan of a device.

    Attributes:
        customer: The customer.
        device: The device.
        plan: The plan.
    """

    __slots__ = ("customer", "device", "plan")
    TAG = "change_plan"
    _FIELDS = (("customer", PLAIN), ("device", PLAIN), ("plan", PLAIN))
    customer: str
    device: str
    plan: str

    def __init__(
        self,
        *,
        customer: str,
        device: str,
        plan: str,
    ) -> None:
        self._fill(customer, device, plan)


@final
class RebootDevice(Command):
    """Orders the restart of a device (S-IP-39).

    Attributes:
        customer: The customer.
        device: The device.
    """

    __slots__ = ("customer", "device")
    TAG = "reboot_device"
    _FIELDS = (("customer", PLAIN), ("device", PLAIN))
    customer: str
    device: str

    def __init__(
        self,
        *,
        customer: str,
        device: str,
    ) -> None:
        self._fill(customer, device)


@final
class InspectDevices(Command):
    """Leaves a trace that somebody looks at the devices.

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "inspect_devices"
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class SaveAssignments(Command):
    """Saves drafted assignments of licences to devices.

    Attributes:
        customer: The customer.
        product: The product.
        base: The revision the draft was made from, as the assignments show it.
        changes: Each licence that changes, with its device.
    """

    __slots__ = ("base", "changes", "customer", "product")
    TAG = "save_assignments"
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("base", PLAIN),
        ("changes", Many(Of(Assignment))),
    )
    customer: str
    product: str
    base: int
    changes: tuple[Assignment, ...]

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        base: int,
        changes: Iterable[Assignment],
    ) -> None:
        self._fill(customer, product, base, changes)


@final
class RegisterPartner(Command):
    """Registers a partner.

    Attributes:
        partner: A new partner id.
        code: Its code, unique among partners, with the characters of an id.
        contact: A new id of the record with its name and e-mail.
        fields: Name and e-mail.
    """

    __slots__ = ("code", "contact", "fields", "partner")
    TAG = "register_partner"
    _FIELDS = (
        ("partner", PLAIN),
        ("code", PLAIN),
        ("contact", PLAIN),
        ("fields", Of(PersonFields)),
    )
    partner: str
    code: str
    contact: str
    fields: PersonFields

    def __init__(
        self,
        *,
        partner: str,
        code: str,
        contact: str,
        fields: PersonFields,
    ) -> None:
        self._fill(partner, code, contact, fields)


@final
class StockPartner(Command):
    """Puts licences into the stock of a partner.

    Attributes:
        partner: The partner.
        product: The product.
        contents: The licences.
    """

    __slots__ = ("contents", "partner", "product")
    TAG = "stock_partner"
    _FIELDS = (("partner", PLAIN), ("product", PLAIN), ("contents", Many(Of(KeyContents))))
    partner: str
    product: str
    contents: tuple[KeyContents, ...]

    def __init__(
        self,
        *,
        partner: str,
        product: str,
        contents: Iterable[KeyContents],
    ) -> None:
        self._fill(partner, product, contents)


@final
class GiveLicenses(Command):
    """Gives licences from the stock of a partner to a customer.

    Attributes:
        partner: The partner.
        customer: The customer.
        product: The product.
        contents: The licences.
    """

    __slots__ = ("contents", "customer", "partner", "product")
    TAG = "give_licenses"
    _FIELDS = (
        ("partner", PLAIN),
        ("customer", PLAIN),
        ("product", PLAIN),
        ("contents", Many(Of(KeyContents))),
    )
    partner: str
    customer: str
    product: str
    contents: tuple[KeyContents, ...]

    def __init__(
        self,
        *,
        partner: str,
        customer: str,
        product: str,
        contents: Iterable[KeyContents],
    ) -> None:
        self._fill(partner, customer, product, contents)


@final
class SetDealer(Command):
    """Chooses the dealer of a customer.

    Attributes:
        customer: The customer.
        partner: The partner; none removes the dealer.
    """

    __slots__ = ("customer", "partner")
    TAG = "set_dealer"
    _FIELDS = (("customer", PLAIN), ("partner", Maybe(PLAIN)))
    _OMITTED = frozenset({"partner"})
    customer: str
    partner: str | None

    def __init__(
        self,
        *,
        customer: str,
        partner: str | None = None,
    ) -> None:
        self._fill(customer, partner)


@final
class SetChannel(Command):
    """Sets where a customer buys.

    Attributes:
        customer: The customer.
        channel: Where.
    """

    __slots__ = ("channel", "customer")
    TAG = "set_channel"
    _FIELDS = (("customer", PLAIN), ("channel", OneWord(Channel)))
    customer: str
    channel: Channel

    def __init__(
        self,
        *,
        customer: str,
        channel: Channel,
    ) -> None:
        self._fill(customer, channel)


@final
class LinkShop(Command):
    """Links a customer to its account at the vendor's shop.

    Attributes:
        customer: The customer.
        account: What the shop calls the account, 1 to ``LinkShop::ACCOUNT_BYTES_MAX`` bytes; only a
            digest is kept.
    """

    __slots__ = ("account", "customer")
    TAG = "link_shop"
    _FIELDS = (("customer", PLAIN), ("account", PRIVATE))
    customer: str
    account: str

    def __init__(
        self,
        *,
        customer: str,
        account: str,
    ) -> None:
        self._fill(customer, account)


@final
class LinkPartnerShop(Command):
    """Links a partner to its account at the vendor's shop.

    Attributes:
        partner: The partner.
        account: What the shop calls the account, 1 to ``LinkShop::ACCOUNT_BYTES_MAX`` bytes; only a
            digest is kept.
    """

    __slots__ = ("account", "partner")
    TAG = "link_partner_shop"
    _FIELDS = (("partner", PLAIN), ("account", PRIVATE))
    partner: str
    account: str

    def __init__(
        self,
        *,
        partner: str,
        account: str,
    ) -> None:
        self._fill(partner, account)
