//! Registration numbers: given, entered, found again; and the way from a number to another host.

use mlicense_core::{
    code::{Code, CodeFormat},
    customer::Customer,
    document::{self, LicenseKind, Owner, Request, RequestKind},
    error::{ErrorKind, Refusal},
    history::{Answered, Message},
    host_binding::{Fact, FactKind, FactSalt, HostClass, HostFacts},
};
use serde_json::{Value, json};

use super::{
    hosts::{A, B, DAY, Host, bound, coupon, define, facts, fields, free, hosts, issue},
    support::{Book, manager, product, signer},
};

const NUMBER: &str = "JRNL-99999-99999-99999-999UU";

/// A book of a vendor that gives numbers of the form `JRNL-5x4`, with product `journal`.
fn book() -> Book {
    let mut book = Book::new();
    let root = signer("root").public_key();
    let vendor = json!({"vendor": "acme", "roots": [root], "number_format": "JRNL-5x4"});
    book.run(DAY, json!({"establish_vendor": vendor}));
    define(&mut book, "journal", json!({"host_bound": {}}));
    book
}

fn owner(email: &str, company: &str) -> Owner {
    let mut owner = Owner::new(email);
    owner.company = Some(company.into());
    owner.contact = Some("C. Ontact".into());
    owner.zone = Some("Europe/Moscow".into());
    owner
}

fn registration((installation, host): (&str, Host), owner: Owner) -> String {
    let mut fields = fields(RequestKind::Register, DAY);
    (fields.owner, fields.host) = (Some(owner), Some(facts(host)));
    Request::write(&fields, &signer(installation)).unwrap()
}

/// What registers customer `customer` with a number that ends in its last letter.
fn register(customer: &str, number: &str, request: &str) -> Value {
    let person = format!("person-of-{customer}");
    let register =
        json!({"customer": customer, "person": person, "number": number, "request": request});
    json!({"register_number": register})
}

fn first(book: &mut Book) -> Answered {
    let request = registration(("i1", A), owner("post@acme.example", "Acme"));
    book.answer_to(DAY, register("c1", NUMBER, &request)).unwrap()
}

/// A request under a number.
fn under(number: &str, kind: RequestKind, (installation, host): (&str, Host)) -> String {
    let mut fields = fields(kind, DAY);
    (fields.number, fields.host) = (Some(number.into()), Some(facts(host)));
    Request::write(&fields, &signer(installation)).unwrap()
}

fn take(book: &mut Book, request: &str) -> Result<Answered, Refusal> {
    book.answer_to(DAY, json!({"take_request": {"request": request}}))
}

#[test]
fn s_mk_08_s_mk_09_registration_gives_a_number_a_trial_and_one_mail() {
    let mut book = book();
    let answered = first(&mut book);
    assert_eq!(answered.number.as_deref(), Some(NUMBER));
    let license = answered.license.unwrap().unwrap();
    assert_eq!(license.kind, LicenseKind::Trial);
    assert_eq!(license.licensed.unwrap().until.unwrap().day().to_string(), "2026-03-31");
    let [Message::Number { customer, person, number }] = &answered.changes.messages[..] else {
        panic!("{:?}", answered.changes.messages)
    };
    assert_eq!(
        (customer.as_str(), person.as_str(), number.as_str()),
        ("c1", "person-of-c1", NUMBER)
    );
    assert_eq!(answered.changes.persons.len(), 1);
    let written = format!("{:?}", book.streams);
    for secret in [NUMBER, "acme.example", "Acme", "C. Ontact"] {
        assert!(!written.contains(secret), "{secret} is in the history");
    }
    assert!(written.contains("JRNL-*****-*****-*****-*99UU"), "{written}");
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn who_registers_from_a_host_that_cannot_be_told_gets_a_number_and_the_trial_later() {
    let mut book = book();
    let mut fields = fields(RequestKind::Register, DAY);
    fields.owner = Some(owner("post@acme.example", "Acme"));
    let request = Request::write(&fields, &signer("i1")).unwrap();
    let answered = book.answer_to(DAY, register("c1", NUMBER, &request)).unwrap();
    assert_eq!(answered.number.as_deref(), Some(NUMBER));
    assert_eq!(answered.license.unwrap_err().kind(), ErrorKind::HostNotIdentifiable);
    let trial = take(&mut book, &under(NUMBER, RequestKind::Trial, ("i1", A))).unwrap();
    assert_eq!(trial.license.unwrap().unwrap().kind, LicenseKind::Trial);
}

#[test]
fn s_mk_10_the_same_company_has_a_number_already() {
    let mut book = book();
    first(&mut book);
    for (installation, host) in [("i1", A), ("i2", B)] {
        let again = registration((installation, host), owner(" POST@acme.example", "acme"));
        assert_eq!(refused(&mut book, &again), 1059);
    }
}

#[test]
fn s_mk_11_a_host_registered_before_has_another_address_or_company() {
    let mut book = book();
    first(&mut book);
    for owner in [owner("post@other.example", "Acme"), owner("post@acme.example", "Other")] {
        assert_eq!(refused(&mut book, &registration(("i2", A), owner)), 2051);
    }
}

#[test]
fn s_mk_12_an_address_is_of_another_company() {
    let mut book = book();
    first(&mut book);
    let other = registration(("i2", B), owner("post@acme.example", "Other"));
    assert_eq!(refused(&mut book, &other), 2022);
}

fn refused(book: &mut Book, request: &str) -> u32 {
    let refusal = book.refused(DAY, register("c2", &fresh(4), request));
    refusal.kind().number()
}

#[test]
fn another_host_under_another_address_gets_a_number_of_its_own() {
    let mut book = book();
    first(&mut book);
    let other = registration(("i2", B), owner("post@other.example", "Acme"));
    let second = "JRNL-88888-88888-88888-888CC";
    let kind = book.execute(DAY, register("c2", second, &other)).map(|_| ()).unwrap_err().kind();
    // Not a number of this form: its check symbols do not hold.
    assert_eq!(kind, ErrorKind::CodeMistyped);
    book.run(DAY, register("c2", &fresh(8), &other));
    assert_eq!(book.customer("c2").numbers().len(), 1);
}

/// One of 1024 numbers of the vendor's form, each another.
fn number(n: usize) -> String {
    let mut entropy = [0; 18];
    (entropy[0], entropy[1]) = (u8::try_from(n % 32).unwrap(), u8::try_from(n / 32).unwrap());
    Code::generate(&"JRNL-5x4".parse().unwrap(), &entropy).unwrap().reveal()
}

/// A number of the vendor's form.
fn fresh(entropy: u8) -> String {
    let format: CodeFormat = "JRNL-5x4".parse().unwrap();
    Code::generate(&format, &[entropy; 18]).unwrap().reveal()
}

#[test]
fn s_mk_13_an_entered_number_and_a_trial_need_no_registration() {
    let mut book = book();
    let customer = json!({"customer": "c1", "zone": "Europe/Moscow"});
    book.run(DAY, json!({"register_customer": customer}));
    book.run(DAY, json!({"issue_number": {"customer": "c1", "number": NUMBER}}));
    let entered = take(&mut book, &under(NUMBER, RequestKind::Number, ("i1", A))).unwrap();
    assert_eq!(entered.license.unwrap_err().kind(), ErrorKind::NoFreeLicense);
    let trial = take(&mut book, &under(NUMBER, RequestKind::Trial, ("i1", A))).unwrap();
    assert_eq!(trial.license.unwrap().unwrap().kind, LicenseKind::Trial);
}

#[test]
fn s_mk_16_a_wrong_number_is_told_from_a_mistyped_one() {
    let mut book = book();
    first(&mut book);
    let mut kind = |number: &str| {
        let refusal = take(&mut book, &under(number, RequestKind::Number, ("i1", A))).unwrap_err();
        refusal.kind()
    };
    assert_eq!(
        (kind(&fresh(3)), ErrorKind::NumberUnknown.number()),
        (ErrorKind::NumberUnknown, 2009)
    );
    assert_eq!(kind("JRNL-99999-99999-99999-999UV"), ErrorKind::CodeMistyped);
    assert_eq!(kind("MIKO-99999-99999-99999-999UU"), ErrorKind::CodeInvalid);
}

#[test]
fn s_mk_17_the_same_number_again_changes_nothing_but_the_licence_signed() {
    let mut book = book();
    first(&mut book);
    let before = book.events(&"customer/c1".parse().unwrap()).len();
    let again = under(" jrnl–99999 99999 99999 999uu", RequestKind::Number, ("i1", A));
    let answered = take(&mut book, &again).unwrap();
    assert_eq!(answered.license.unwrap().unwrap().kind, LicenseKind::Trial);
    assert_eq!(book.events(&"customer/c1".parse().unwrap()).len(), before + 1);
}

#[test]
fn s_mk_25_a_coupon_needs_a_number() {
    let mut book = book();
    let customer = json!({"customer": "c1", "zone": "Europe/Moscow"});
    book.run(DAY, json!({"register_customer": customer}));
    issue(&mut book, "coupon-1", hosts(1));
    let coupon = coupon("coupon-1", ("i1", A), DAY);
    let refusal = book.answer(DAY, &coupon).unwrap_err();
    assert_eq!((refusal.kind(), refusal.kind().number()), (ErrorKind::NoNumber, 1003));
    // Nobody is named at all.
    assert_eq!(take(&mut book, &coupon).unwrap_err().kind(), ErrorKind::NoNumber);
}

#[test]
fn s_mk_33_a_number_works_for_a_second_installation_on_its_host() {
    let mut book = book();
    first(&mut book);
    let second = take(&mut book, &under(NUMBER, RequestKind::Number, ("i2", A))).unwrap();
    assert!(second.license.unwrap().is_some());
    assert_eq!(bound(&book, DAY), [1]);
}

#[test]
fn s_mk_48_a_host_is_moved_by_freeing_it_and_entering_the_number_elsewhere() {
    let mut book = book();
    first(&mut book);
    let there = under(NUMBER, RequestKind::Number, ("i2", B));
    let refused = take(&mut book, &there).unwrap().license.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NoFreeLicense);
    book.run(DAY, free(None));
    assert!(take(&mut book, &there).unwrap().license.unwrap().is_some());
}

#[test]
fn a_coupon_under_a_number_is_the_customers() {
    let mut book = book();
    first(&mut book);
    issue(&mut book, "coupon-1", hosts(1));
    let mut asked = fields(RequestKind::Coupon, DAY);
    (asked.number, asked.code) = (Some(NUMBER.into()), Some("coupon-1".into()));
    asked.host = Some(facts(A));
    let asked = Request::write(&asked, &signer("i1")).unwrap();
    for _ in 0..2 {
        let license = take(&mut book, &asked).unwrap().license.unwrap().unwrap();
        assert_eq!(license.features[&"base".parse().unwrap()].until, None);
    }
    assert_eq!(
        book.customer("c1")
            .hosts(&"c1".parse().unwrap(), &product("journal"))
            .unwrap()
            .lots()
            .count(),
        1
    );
}

#[test]
fn a_number_is_of_one_customer_and_its_own() {
    let mut book = book();
    first(&mut book);
    let customer = json!({"customer": "c2", "zone": "Europe/Moscow"});
    book.run(DAY, json!({"register_customer": customer}));
    let taken = json!({"issue_number": {"customer": "c2", "number": NUMBER}});
    assert_eq!(book.kind(DAY, taken), ErrorKind::CodeAlreadyIssued);
    let request = under(NUMBER, RequestKind::Number, ("i1", A));
    let of_another = json!({"take_request": {"customer": "c2", "request": request}});
    assert_eq!(book.kind(DAY, of_another), ErrorKind::NumberUnknown);
}

fn recovery(email: &str, number: &str) -> Value {
    let mut fields = fields(RequestKind::Recover, DAY);
    fields.owner = Some(Owner::new(email));
    let request = Request::write(&fields, &signer("i9")).unwrap();
    json!({"recover_number": {"number": number, "request": request}})
}

#[test]
fn a_forgotten_number_is_mailed_to_its_owner_and_nobody_learns_whether_there_is_one() {
    let mut book = book();
    first(&mut book);
    let known = book.answer_to("2026-04-01", recovery("Post@acme.example", &fresh(5))).unwrap();
    let unknown = book.answer_to("2026-04-01", recovery("x@acme.example", &fresh(6))).unwrap();
    assert_eq!((&known.license, &known.number), (&unknown.license, &unknown.number));
    assert_eq!((known.license, known.number), (Ok(None), None));
    assert_eq!((known.changes.messages.len(), unknown.changes.messages.len()), (1, 0));
    // Once a day, so that nobody's mailbox is flooded; and both numbers are valid.
    let again = book.answer_to("2026-04-01", recovery("post@acme.example", &fresh(7))).unwrap();
    assert!(again.changes.messages.is_empty());
    for number in [NUMBER, &fresh(5)] {
        take(&mut book, &under(number, RequestKind::Number, ("i1", A))).unwrap();
    }
}

#[test]
fn asking_for_a_forgotten_number_every_day_gathers_none() {
    let mut book = book();
    first(&mut book);
    for day in 1..30 {
        let when = format!("2026-04-{day:02}");
        book.answer_to(&*when, recovery("post@acme.example", &number(day))).unwrap();
        assert_eq!(book.customer("c1").numbers().len(), 2);
    }
    let mut use_it = |day| take(&mut book, &under(&number(day), RequestKind::Number, ("i1", A)));
    assert_eq!(use_it(1).unwrap_err().kind(), ErrorKind::NumberUnknown);
    use_it(29).unwrap();
    use_it(29).unwrap();
    // One that was used stays.
    book.answer_to("2026-05-01", recovery("post@acme.example", &number(30))).unwrap();
    for number in [NUMBER, &number(29), &number(30)] {
        take(&mut book, &under(number, RequestKind::Number, ("i1", A))).unwrap();
    }
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn a_customer_has_a_hundred_numbers_and_not_one_more() {
    let mut book = book();
    first(&mut book);
    let issue = |n| json!({"issue_number": {"customer": "c1", "number": number(n)}});
    for n in 1..Customer::NUMBERS_MAX {
        book.run(DAY, issue(n));
    }
    let refusal = book.refused(DAY, issue(Customer::NUMBERS_MAX));
    assert_eq!(refusal.kind(), ErrorKind::QuantityOutOfRange);
    // Who asks for a forgotten one is told nothing, as ever.
    let asked = book.answer_to("2026-04-01", recovery("post@acme.example", &fresh(5))).unwrap();
    assert_eq!((asked.license, asked.changes.events.len()), (Ok(None), 0));
}

#[test]
fn a_number_given_before_there_was_a_form_is_read_after() {
    let mut book = Book::new();
    define(&mut book, "journal", json!({"host_bound": {}}));
    book.run(DAY, json!({"register_customer": {"customer": "c1", "zone": "Europe/Moscow"}}));
    book.run(DAY, json!({"issue_number": {"customer": "c1", "number": "old-number-1"}}));
    let vendor = json!({"vendor": "acme", "roots": [signer("root").public_key()],
        "number_format": "JRNL-5x4"});
    book.run(DAY, json!({"establish_vendor": vendor}));
    let trial = under("OLD-number-1 ", RequestKind::Trial, ("i1", A));
    assert!(take(&mut book, &trial).unwrap().license.unwrap().is_some());
    let mistyped = under("OLD-number-2", RequestKind::Number, ("i1", A));
    assert_eq!(take(&mut book, &mistyped).unwrap_err().kind(), ErrorKind::CodeInvalid);
}

#[test]
fn erasing_the_owner_frees_the_address_and_keeps_the_number() {
    let mut book = book();
    first(&mut book);
    book.run(DAY, json!({"erase_person": {"person": "person-of-c1"}}));
    take(&mut book, &under(NUMBER, RequestKind::Number, ("i1", A))).unwrap();
    let elsewhere = registration(("i2", B), owner("post@acme.example", "Other"));
    book.run(DAY, register("c2", &fresh(8), &elsewhere));
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn who_registers_must_say_where_its_days_begin() {
    let mut book = book();
    let mut owner = owner("post@acme.example", "Acme");
    owner.zone = Some("Middle/Earth".into());
    let request = registration(("i1", A), owner);
    assert_eq!(book.kind(DAY, register("c1", NUMBER, &request)), ErrorKind::ZoneUnknown);
}

#[test]
fn a_number_that_was_given_before_is_given_to_nobody_else() {
    let mut book = book();
    first(&mut book);
    let other = registration(("i2", B), owner("post@other.example", "Other"));
    assert_eq!(book.kind(DAY, register("c2", NUMBER, &other)), ErrorKind::CodeAlreadyIssued);
}

#[test]
fn only_a_request_for_a_number_registers() {
    let mut book = book();
    let mut asked = fields(RequestKind::Release, DAY);
    asked.owner = Some(owner("post@acme.example", "Acme"));
    let asked = Request::write(&asked, &signer("i1")).unwrap();
    assert_eq!(book.kind(DAY, register("c1", NUMBER, &asked)), ErrorKind::RequestNotApplicable);
}

#[test]
fn an_installation_registers_once_whatever_it_shows() {
    let mut book = book();
    first(&mut book);
    let mut again = fields(RequestKind::Register, DAY);
    again.owner = Some(owner("new@other.example", "Other"));
    let again = Request::write(&again, &signer("i1")).unwrap();
    assert_eq!(refused(&mut book, &again), 2051);
}

#[test]
fn a_declared_id_may_be_declared_by_two_companies() {
    let mut book = book();
    let declared = |installation: &str, owner: Owner| {
        let mut fields = fields(RequestKind::Register, DAY);
        let fact = Fact::new(FactKind::DeclaredId, "pbx-1").unwrap();
        let host = HostFacts::new(HostClass::Container, [fact]).hash(&FactSalt::new([7; 32]));
        (fields.owner, fields.host) = (Some(owner), Some(document::HostFacts::from(&host)));
        Request::write(&fields, &signer(installation)).unwrap()
    };
    let acme = declared("i1", owner("post@acme.example", "Acme"));
    book.run(DAY, register("c1", NUMBER, &acme));
    let other = declared("i2", owner("post@other.example", "Other"));
    book.run(DAY, register("c2", &fresh(8), &other));
}

fn free_machine(customer: &str, request: &str, reason: &str) -> Value {
    let free = json!({"customer": customer, "request": request, "reason": reason});
    json!({"free_machine": free})
}

#[test]
fn a_machine_bought_second_hand_is_freed_by_the_vendor_with_a_reason_that_history_shows() {
    let mut book = book();
    first(&mut book);
    let bought = registration(("i2", A), owner("post@other.example", "Other"));
    assert_eq!(refused(&mut book, &bought), 2051);
    book.run(DAY, free_machine("c1", &bought, "sold, says its invoice"));
    let freed = book.events(&"customer/c1".parse().unwrap()).pop().unwrap();
    let freed = serde_json::to_value(&freed.event).unwrap();
    assert_eq!(freed["machine_freed"]["reason"], "sold, says its invoice");
    let facts = freed["machine_freed"]["facts"].as_array().unwrap();
    assert!(facts[0].as_str().unwrap().starts_with("dmi_uuid:"), "{facts:?}");
    book.run(DAY, register("c2", &fresh(8), &bought));
    // Who had it before keeps number and binding, and the claim is the new owner's.
    assert_eq!(bound(&book, DAY), [1]);
    take(&mut book, &under(NUMBER, RequestKind::Number, ("i1", A))).unwrap();
    let third = registration(("i3", A), owner("post@third.example", "Third"));
    assert_eq!(book.kind(DAY, register("c3", &fresh(9), &third)), ErrorKind::RegisteredDifferently);
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn a_system_stays_its_customers_when_its_machine_is_freed() {
    let mut book = book();
    first(&mut book);
    book.define(DAY, "vms", json!({"subscription": {}}));
    book.register(DAY, ("c1", "s1"), json!({"camera": 1}));
    let freed = registration(("s1", A), owner("post@other.example", "Other"));
    book.run(DAY, free_machine("c1", &freed, "sold"));
    let customer = json!({"customer": "c2", "zone": "Europe/Moscow"});
    book.run(DAY, json!({"register_customer": customer}));
    let request = super::support::request(("vms", "s1"), json!({"camera": 1}), DAY);
    let taken = json!({"take_request": {"customer": "c2", "request": request}});
    assert_eq!(book.kind(DAY, taken), ErrorKind::AlreadyRegisteredElsewhere);
}

#[test]
fn only_the_vendor_frees_a_machine_and_only_from_who_claims_it() {
    let mut book = book();
    first(&mut book);
    let request = registration(("i2", A), owner("post@other.example", "Other"));
    let elsewhere = registration(("i2", B), owner("post@other.example", "Other"));
    assert_eq!(book.kind(DAY, free_machine("c1", &request, " ")), ErrorKind::FieldInvalid);
    let unclaimed = free_machine("c1", &elsewhere, "sold");
    assert_eq!(book.kind(DAY, unclaimed), ErrorKind::MachineNotClaimed);
    let forged = free_machine("c1", &request.replacen(".", "..", 1), "sold");
    assert_eq!(book.kind(DAY, forged), ErrorKind::SystemFileInvalid);
    book.join(DAY, "ann", "c1");
    let by_manager =
        book.execute_as(manager("ann", "c1"), DAY, free_machine("c1", &request, "sold"));
    assert_eq!(by_manager.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[test]
fn a_further_root_key_keeps_the_form_of_numbers() {
    let mut book = book();
    first(&mut book);
    let roots = [signer("root").public_key(), signer("second").public_key()];
    book.run(DAY, json!({"establish_vendor": {"vendor": "acme", "roots": roots}}));
    take(&mut book, &under(NUMBER, RequestKind::Number, ("i1", A))).unwrap();
    let other = json!({"vendor": "acme", "roots": roots, "number_format": "OTHR-5x4"});
    assert_eq!(book.kind(DAY, json!({"establish_vendor": other})), ErrorKind::VendorEstablished);
}

#[test]
fn who_registers_belongs_to_the_region_of_the_ledger() {
    let mut book = Book::new();
    let root = signer("root").public_key();
    let vendor = json!({"vendor": "acme", "roots": [root], "region": "eu",
        "number_format": "JRNL-5x4"});
    book.run(DAY, json!({"establish_vendor": vendor}));
    define(&mut book, "journal", json!({"host_bound": {"trial_days": 0}}));
    let request = registration(("i1", A), owner("post@acme.example", "Acme"));
    book.run(DAY, register("c1", NUMBER, &request));
    assert_eq!(book.customer("c1").region().map(ToString::to_string).as_deref(), Some("eu"));
}

#[test]
fn neither_debugging_nor_a_refusal_tells_a_number_or_an_address() {
    let mut book = book();
    let answered = first(&mut book);
    assert!(!format!("{answered:?}").contains(NUMBER));
    let mut asked = fields(RequestKind::Coupon, DAY);
    asked.code = Some("SECRET-COUPON\n".into());
    asked.owner = Some(owner("se\tcret@acme.example", "Acme"));
    let refusal = Request::write(&asked, &signer("i1")).unwrap_err();
    let shown = format!("{asked:?} {refusal} {refusal:?}");
    assert!(!shown.contains("SECRET") && !shown.contains("cret@"), "{shown}");
    for address in ["x@y, victim@z", "x@y victim", "<x@y>"] {
        asked.owner = Some(owner(address, "Acme"));
        asked.code = Some("1".into());
        assert!(Request::write(&asked, &signer("i1")).is_err(), "{address}");
    }
}
