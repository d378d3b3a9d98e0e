//! May I run? Asks the licence file beside it, with the product and the vendor's key compiled in.
#![expect(clippy::print_stdout, reason = "an example tells its story")]

use mlicense_host::{Client, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".parse()?;
    let mut client = Client::open("hello".parse()?, &[root], Options::stateless())?;
    client.accept(&std::fs::read("hello.license")?)?;
    let decision = client.check("hello");
    println!("{decision}");
    Ok(decision.require()?)
}
