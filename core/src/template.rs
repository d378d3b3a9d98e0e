//! Filling the places of a text.

/// Fills the places of a template in one pass, so that a value is never taken for a place.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, place)) = rest.split_once('{')
        && let Some((name, after)) = place.split_once('}')
    {
        filled.push_str(before);
        filled.push_str(&value(name).unwrap_or_default());
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_taken_for_a_place() {
        let value = |name: &str| Some(if name == "a" { "{b}" } else { "x" }.to_owned());
        assert_eq!(fill("`{a}`: {b}, {", value), "`{b}`: x, {");
    }
}
