//! What people call a host: kept in the erasable table, for it may name a person.

use super::{Binding, BindingId, CustomerEvent, Draft};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, PersonId, ProductId},
    signing::sha256,
};

/// A change to the label of a bound host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LabelChange {
    /// Where the erasable table keeps it.
    pub(crate) id: PersonId,
    /// The label; none when it is erased.
    pub(crate) label: Option<String>,
}

/// Under which id the erasable table keeps the label of a bound host.
///
/// # Errors
/// [`ErrorKind::Internal`] should it be no id.
pub fn label_id(
    customer: &CustomerId,
    product: &ProductId,
    binding: BindingId,
) -> Result<PersonId> {
    let named = format!("mlicense host label 1\0{customer}\0{product}\0{binding}");
    let digest: String =
        sha256(named.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let digest: String = digest.chars().take(32).collect();
    PersonId::new(&format!("host-label-{digest}"))
        .map_err(|refusal| Refusal::new(ErrorKind::Internal).with("detail", refusal))
}

impl Draft<'_> {
    /// Keeps what the operator calls a host, where it was told (S-MK-45).
    pub(super) fn label(
        &mut self,
        product: &ProductId,
        binding: BindingId,
        label: Option<&str>,
    ) -> Result<()> {
        if let Some(label) = label {
            let id = label_id(self.id, product, binding)?;
            self.labels.push(LabelChange { id, label: Some(label.to_owned()) });
        }
        Ok(())
    }

    /// Erases what a host was called; nothing happens when it has no label.
    pub(crate) fn erase_label(&mut self, product: &ProductId, id: BindingId) -> Result<()> {
        let bindings = self.customer.hosts(self.id, product)?.bindings();
        let unknown = || Refusal::new(ErrorKind::BindingUnknown).with("binding", id);
        let binding = bindings.iter().find(|bound| bound.id == id).ok_or_else(unknown)?.clone();
        if binding.labelled {
            self.forget_label(product, &binding)?;
            let (product, binding) = (product.clone(), Binding { labelled: false, ..binding });
            self.record(CustomerEvent::HostDescribed { product, binding, enrolled_on: None });
        }
        Ok(())
    }

    /// Takes the label of a binding out of the erasable table, if it has one.
    pub(super) fn forget_label(&mut self, product: &ProductId, binding: &Binding) -> Result<()> {
        if binding.labelled {
            let id = label_id(self.id, product, binding.id)?;
            self.labels.push(LabelChange { id, label: None });
        }
        Ok(())
    }
}
