//! The link to the vendor's shop.

use std::cell::Cell;

use mlicense_core::error::ErrorKind;
use mlicense_ledger::{Error, Receipt, ShopAnswer, ShopGateway, ShopLink, ShopLogin};
use serde_json::{Value, json};

use crate::support::{Book, noon, on_every_store, trade::DAY};

const EMAIL: &str = "buyer@shop.example";
const PASSWORD: &str = "correct horse battery staple";

/// A shop with one account, which counts how often it is asked.
#[derive(Debug)]
struct Shop {
    account: &'static str,
    answers: bool,
    asked: Cell<u32>,
}

impl Shop {
    const fn new(account: &'static str) -> Self {
        Self { account, answers: true, asked: Cell::new(0) }
    }
}

impl ShopGateway for Shop {
    fn account(&self, login: ShopLogin<'_>) -> ShopAnswer {
        self.asked.set(self.asked.get() + 1);
        match (self.answers, login.email.trim(), login.password) {
            (false, ..) => ShopAnswer::Unreachable,
            (true, EMAIL, PASSWORD) => ShopAnswer::Account(self.account.to_owned()),
            _ => ShopAnswer::Refused,
        }
    }
}

/// Somebody at the dialog: who it is, and for whom.
struct Dialog<'b> {
    book: &'b Book<'b>,
    session: &'b Value,
    whom: Value,
    id: &'b str,
}

impl Dialog<'_> {
    fn typed(&self, shop: &Shop, (email, password): (&str, &str)) -> Result<Receipt, Error> {
        let whom = serde_json::from_value(self.whom.clone()).unwrap();
        let actor = serde_json::from_value(self.session["actor"].clone()).unwrap();
        let id = self.id.parse().unwrap();
        let login = ShopLogin { email, password };
        let link = ShopLink { whom: &whom, login, actor: &actor, id: &id };
        self.book.ledger.link_shop(link, shop, noon(DAY))
    }

    /// Why it was refused; nothing has changed, and nothing of what was typed is in the error.
    fn refused(&self, shop: &Shop, (email, password): (&str, &str)) -> ErrorKind {
        let before = self.book.place.everything();
        let error = self.typed(shop, (email, password)).unwrap_err();
        assert_eq!(before, self.book.place.everything());
        let told = format!("{error} {error:?} {:?}", error.refusal().view());
        for secret in [EMAIL, PASSWORD] {
            assert!(!told.contains(secret), "{told}");
        }
        error.kind()
    }
}

/// Customer `c1`, which buys in the shop, and its manager.
fn buyer(book: &Book<'_>) -> Value {
    book.run(DAY, json!({"set_channel": {"customer": "c1", "channel": "shop"}}));
    book.member("c1", "owner", "manager")
}

fn at_c1<'b>(book: &'b Book<'b>, session: &'b Value) -> Dialog<'b> {
    Dialog { book, session, whom: json!({"customer": "c1"}), id: "link-1" }
}

fn needs_link(book: &Book<'_>) -> Value {
    let view = book.ask(DAY, json!({"shop": {"customer": "c1"}}));
    view["shop"]["needs_link"].clone()
}

#[test]
fn s_ip_04_s_ip_09_who_buys_in_the_shop_is_asked_to_link_before_any_purchase() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        for (channel, asked) in [("shop", true), ("partner", false), ("both", true)] {
            book.run(DAY, json!({"set_channel": {"customer": "c1", "channel": channel}}));
            assert_eq!(needs_link(&book), asked, "{channel}");
        }
        let products = book.ask(DAY, json!({"overview": {"customer": "c1"}}));
        assert_eq!(products["overview"]["products"], json!({}));
    });
}

#[test]
fn s_ip_05_the_dialog_needs_both_fields() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, shop) = (buyer(&book), Shop::new("4711"));
        let dialog = at_c1(&book, &owner);
        for typed in [("", PASSWORD), (" \t", PASSWORD), (EMAIL, ""), ("", "")] {
            assert_eq!(dialog.refused(&shop, typed), ErrorKind::FieldMissing);
        }
        let error = dialog.typed(&shop, (EMAIL, "")).unwrap_err().to_string();
        assert!(error.contains("`shop`") && error.contains("`password`"), "{error}");
        let error = dialog.typed(&shop, ("", "")).unwrap_err().to_string();
        assert!(error.contains("`email`"), "{error}");
        let [longest, long] = [0, 1].map(|more| "x".repeat(ShopLogin::BYTES_MAX + more));
        for typed in [(EMAIL, long.as_str()), (&long, PASSWORD)] {
            assert_eq!(dialog.refused(&shop, typed), ErrorKind::QuantityOutOfRange);
        }
        assert_eq!(shop.asked.get(), 0);
        // A password of blanks is one; the shop says what it is worth.
        for password in ["   ", &longest] {
            assert_eq!(dialog.refused(&shop, (EMAIL, password)), ErrorKind::ShopLoginRefused);
        }
        assert_eq!(shop.asked.get(), 2);
    });
}

#[test]
fn s_ip_06_the_link_is_made_once() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, shop) = (buyer(&book), Shop::new("4711"));
        let receipt = at_c1(&book, &owner).typed(&shop, (EMAIL, PASSWORD)).unwrap();
        assert_eq!(receipt.events.len(), 1);
        assert_eq!(receipt.events[0].kind, "shop_linked");
        assert_eq!(needs_link(&book), false);
        // The dialog that was sent twice links once.
        let again = at_c1(&book, &owner).typed(&shop, (EMAIL, PASSWORD)).unwrap();
        assert_eq!(again, receipt);
        let other = Dialog { id: "link-2", ..at_c1(&book, &owner) };
        assert_eq!(other.refused(&shop, (EMAIL, PASSWORD)), ErrorKind::ShopAlreadyLinked);
        let elsewhere = Shop::new("4712");
        assert_eq!(other.refused(&elsewhere, (EMAIL, PASSWORD)), ErrorKind::ShopAlreadyLinked);
        // Wherever the customer buys later, the link stays.
        for channel in ["partner", "shop"] {
            book.run(DAY, json!({"set_channel": {"customer": "c1", "channel": channel}}));
            assert_eq!(needs_link(&book), false);
        }
    });
}

#[test]
fn s_ip_06_an_account_at_the_shop_is_linked_to_one_customer_or_partner() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, shop) = (buyer(&book), Shop::new("4711"));
        at_c1(&book, &owner).typed(&shop, (EMAIL, PASSWORD)).unwrap();
        book.customer("c2");
        book.partner("d1");
        let (stranger, head) =
            (book.member("c2", "stranger", "manager"), book.dealer_user("d1", "head", true));
        let whoms = [(&stranger, json!({"customer": "c2"})), (&head, json!({"partner": "d1"}))];
        for (session, whom) in whoms {
            let dialog = Dialog { book: &book, session, whom, id: "link-2" };
            assert_eq!(dialog.refused(&shop, (EMAIL, PASSWORD)), ErrorKind::ShopAlreadyLinked);
        }
    });
}

#[test]
fn s_ip_07_s_ip_08_a_cancelled_dialog_changes_nothing_and_comes_back() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, shop) = (buyer(&book), Shop::new("4711"));
        let before = place.everything();
        // Opened, shown and closed, and opened again; once with a wrong password.
        assert_eq!(needs_link(&book), true);
        assert_eq!(needs_link(&book), true);
        let refused = at_c1(&book, &owner).refused(&shop, (EMAIL, "guess"));
        assert_eq!(refused, ErrorKind::ShopLoginRefused);
        assert_eq!(before, place.everything());
        let reopened = place.open().unwrap();
        let query = serde_json::from_value(json!({"shop": {"customer": "c1"}})).unwrap();
        let view = serde_json::to_value(reopened.query(&query, noon(DAY)).unwrap()).unwrap();
        assert_eq!(view["shop"], json!({"channel": "shop", "linked": false, "needs_link": true}));
    });
}

#[test]
fn s_ip_10_a_partner_links_in_the_same_way() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.partner("d1");
        let head = book.dealer_user("d1", "head", true);
        let shop = Shop::new("4711");
        let dialog =
            Dialog { book: &book, session: &head, whom: json!({"partner": "d1"}), id: "link-1" };
        assert_eq!(book.seen_by("d1")["shop_linked"], false);
        assert_eq!(dialog.refused(&shop, (EMAIL, "guess")), ErrorKind::ShopLoginRefused);
        assert_eq!(dialog.refused(&shop, (EMAIL, "")), ErrorKind::FieldMissing);
        let receipt = dialog.typed(&shop, (EMAIL, PASSWORD)).unwrap();
        assert_eq!(receipt.events[0].kind, "shop_linked");
        assert_eq!(book.seen_by("d1")["shop_linked"], true);
        let later = Dialog { id: "link-2", ..dialog };
        assert_eq!(later.refused(&shop, (EMAIL, PASSWORD)), ErrorKind::ShopAlreadyLinked);
    });
}

#[test]
fn s_ip_11_who_buys_from_a_partner_only_is_shown_no_dialog() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let view = || book.ask(DAY, json!({"shop": {"customer": "c1"}}))["shop"].clone();
        let expected = json!({"channel": "partner", "linked": false, "needs_link": false});
        assert_eq!(view(), expected);
        book.dealt();
        book.buy(DAY, 1);
        assert_eq!(view(), expected);
    });
}

#[test]
fn who_may_not_link_does_not_get_as_far_as_the_shop() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        buyer(&book);
        book.partner("d1");
        let guest = book.member("c1", "guest", "shared");
        book.customer("c2");
        let stranger = book.member("c2", "stranger", "manager");
        let sales = book.dealer_user("d1", "sales", false);
        let shop = Shop::new("4711");
        let mut posing = stranger.clone();
        posing["actor"]["customer"] = json!("c1");
        let cases = [
            (&guest, json!({"customer": "c1"}), ErrorKind::Forbidden),
            (&stranger, json!({"customer": "c1"}), ErrorKind::Forbidden),
            (&posing, json!({"customer": "c1"}), ErrorKind::NotAMember),
            (&sales, json!({"partner": "d1"}), ErrorKind::Forbidden),
        ];
        for (session, whom, kind) in cases {
            let dialog = Dialog { book: &book, session, whom, id: "link-1" };
            assert_eq!(dialog.refused(&shop, (EMAIL, PASSWORD)), kind);
        }
        assert_eq!(shop.asked.get(), 0);
    });
}

#[test]
fn a_shop_that_gives_no_answer_is_told_from_one_that_refuses() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = buyer(&book);
        let away = Shop { answers: false, ..Shop::new("4711") };
        let refused = at_c1(&book, &owner).refused(&away, (EMAIL, PASSWORD));
        assert_eq!(refused, ErrorKind::Network);
        for account in ["", "  "] {
            let nameless = Shop::new(account);
            let refused = at_c1(&book, &owner).refused(&nameless, (EMAIL, PASSWORD));
            assert_eq!(refused, ErrorKind::QuantityOutOfRange);
        }
        assert_eq!(needs_link(&book), true);
    });
}

#[test]
fn nothing_that_was_typed_at_the_shop_is_kept() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, shop) = (buyer(&book), Shop::new("account-4711"));
        at_c1(&book, &owner).typed(&shop, (EMAIL, PASSWORD)).unwrap();
        let (tables, files) = place.everything();
        let kept = format!("{tables:?}");
        for secret in [EMAIL, PASSWORD, "account-4711"] {
            assert!(!kept.contains(secret), "{secret} is in a table");
            let of = |file: &Vec<u8>| file.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!files.iter().any(of), "{secret} is in a file");
        }
        let login = ShopLogin { email: EMAIL, password: PASSWORD };
        let answer = ShopAnswer::Account("account-4711".to_owned());
        assert_eq!(format!("{login:?} {answer:?}"), "ShopLogin(…) Account(…)");
    });
}
