//! What each command is called and whom it concerns.

use super::Command;
use crate::id::{CustomerId, PartnerId, PersonId};

impl Command {
    /// The names of all commands, as in their JSON.
    pub const NAMES: &[&str] = &[
        "establish_vendor",
        "define_product",
        "publish_policy",
        "publish_key_ring",
        "publish_revocations",
        "set_webhook",
        "issue_keys",
        "register_customer",
        "add_person",
        "erase_person",
        "add_member",
        "remove_member",
        "take_request",
        "start_subscription",
        "redeem_key",
        "allocate",
        "stock_licenses",
        "register_number",
        "issue_number",
        "recover_number",
        "free_hosts",
        "erase_host_label",
        "group_hosts",
        "adopt_policy",
        "register_hardware",
        "expand_hardware",
        "upgrade_hardware",
        "move_hardware_licenses",
        "transfer_licenses",
        "void_key",
        "void_lot",
        "charge_back",
        "free_machine",
        "undo_allocation",
        "create_account",
        "edit_account",
        "acknowledge_account",
        "suspend_account",
        "restore_account",
        "delete_account",
        "set_privacy",
        "change_term",
        "renew_term",
        "add_user",
        "activate_user",
        "resend_activation",
        "edit_user",
        "edit_profile",
        "replace_administrator",
        "add_partner_user",
        "remove_partner_user",
        "register_device",
        "report_device",
        "edit_device",
        "delete_device",
        "replace_device",
        "change_plan",
        "reboot_device",
        "inspect_devices",
        "save_assignments",
        "register_partner",
        "stock_partner",
        "give_licenses",
        "set_dealer",
        "set_channel",
        "link_shop",
        "link_partner_shop",
    ];

    /// The name of the command, as in its JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EstablishVendor { .. } => "establish_vendor",
            Self::DefineProduct { .. } => "define_product",
            Self::PublishPolicy { .. } => "publish_policy",
            Self::PublishKeyRing { .. } => "publish_key_ring",
            Self::PublishRevocations { .. } => "publish_revocations",
            Self::SetWebhook { .. } => "set_webhook",
            Self::IssueKeys { .. } => "issue_keys",
            Self::RegisterCustomer { .. } => "register_customer",
            Self::AddPerson { .. } => "add_person",
            Self::ErasePerson { .. } => "erase_person",
            Self::AddMember { .. } => "add_member",
            Self::RemoveMember { .. } => "remove_member",
            Self::TakeRequest { .. } => "take_request",
            Self::StartSubscription { .. } => "start_subscription",
            Self::RedeemKey { .. } => "redeem_key",
            Self::Allocate { .. } => "allocate",
            Self::StockLicenses { .. } => "stock_licenses",
            Self::RegisterNumber { .. } => "register_number",
            Self::IssueNumber { .. } => "issue_number",
            Self::RecoverNumber { .. } => "recover_number",
            Self::FreeHosts { .. } => "free_hosts",
            Self::EraseHostLabel { .. } => "erase_host_label",
            Self::GroupHosts { .. } => "group_hosts",
            Self::AdoptPolicy { .. } => "adopt_policy",
            Self::RegisterHardware { .. } => "register_hardware",
            Self::ExpandHardware { .. } => "expand_hardware",
            Self::UpgradeHardware { .. } => "upgrade_hardware",
            Self::MoveHardwareLicenses { .. } => "move_hardware_licenses",
            Self::TransferLicenses { .. } => "transfer_licenses",
            Self::VoidKey { .. } => "void_key",
            Self::VoidLot { .. } => "void_lot",
            Self::ChargeBack { .. } => "charge_back",
            Self::FreeMachine { .. } => "free_machine",
            Self::UndoAllocation { .. } => "undo_allocation",
            Self::CreateAccount(_) => "create_account",
            Self::EditAccount(_) => "edit_account",
            Self::AcknowledgeAccount(_) => "acknowledge_account",
            Self::SuspendAccount(_) => "suspend_account",
            Self::RestoreAccount(_) => "restore_account",
            Self::DeleteAccount(_) => "delete_account",
            Self::SetPrivacy(_) => "set_privacy",
            Self::ChangeTerm(_) => "change_term",
            Self::RenewTerm(_) => "renew_term",
            Self::AddUser(_) => "add_user",
            Self::ActivateUser(_) => "activate_user",
            Self::ResendActivation(_) => "resend_activation",
            Self::EditUser(_) => "edit_user",
            Self::EditProfile(_) => "edit_profile",
            Self::ReplaceAdministrator(_) => "replace_administrator",
            Self::AddPartnerUser(_) => "add_partner_user",
            Self::RemovePartnerUser(_) => "remove_partner_user",
            Self::RegisterDevice(_) => "register_device",
            Self::ReportDevice(_) => "report_device",
            Self::EditDevice(_) => "edit_device",
            Self::DeleteDevice(_) => "delete_device",
            Self::ReplaceDevice(_) => "replace_device",
            Self::ChangePlan(_) => "change_plan",
            Self::RebootDevice(_) => "reboot_device",
            Self::InspectDevices(_) => "inspect_devices",
            Self::SaveAssignments(_) => "save_assignments",
            Self::RegisterPartner(_) => "register_partner",
            Self::StockPartner(_) => "stock_partner",
            Self::GiveLicenses(_) => "give_licenses",
            Self::SetDealer(_) => "set_dealer",
            Self::SetChannel(_) => "set_channel",
            Self::LinkShop(_) => "link_shop",
            Self::LinkPartnerShop(_) => "link_partner_shop",
        }
    }

    /// The customer it concerns, if one.
    #[must_use]
    pub const fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::RegisterCustomer { customer, .. }
            | Self::AddMember { customer, .. }
            | Self::RemoveMember { customer, .. }
            | Self::StartSubscription { customer, .. }
            | Self::RedeemKey { customer, .. }
            | Self::Allocate { customer, .. }
            | Self::StockLicenses { customer, .. }
            | Self::RegisterNumber { customer, .. }
            | Self::IssueNumber { customer, .. }
            | Self::FreeHosts { customer, .. }
            | Self::EraseHostLabel { customer, .. }
            | Self::GroupHosts { customer, .. }
            | Self::AdoptPolicy { customer, .. }
            | Self::RegisterHardware { customer, .. }
            | Self::ExpandHardware { customer, .. }
            | Self::UpgradeHardware { customer, .. }
            | Self::MoveHardwareLicenses { customer, .. }
            | Self::TransferLicenses { customer, .. }
            | Self::VoidLot { customer, .. }
            | Self::ChargeBack { customer, .. }
            | Self::FreeMachine { customer, .. }
            | Self::UndoAllocation { customer, .. } => Some(customer),
            Self::TakeRequest { customer, .. } => customer.as_ref(),
            Self::CreateAccount(of) => Some(&of.customer),
            Self::EditAccount(of) => Some(&of.customer),
            Self::AcknowledgeAccount(of) => Some(&of.customer),
            Self::SuspendAccount(of) | Self::RestoreAccount(of) | Self::DeleteAccount(of) => {
                Some(&of.customer)
            }
            Self::SetPrivacy(of) => Some(&of.customer),
            Self::ChangeTerm(of) => Some(&of.customer),
            Self::RenewTerm(of) => Some(&of.customer),
            Self::AddUser(of) => Some(&of.customer),
            Self::ResendActivation(of) => Some(&of.customer),
            Self::EditUser(of) => Some(&of.customer),
            Self::ReplaceAdministrator(of) => Some(&of.customer),
            Self::RegisterDevice(of) => Some(&of.customer),
            Self::ReportDevice(of) => Some(&of.customer),
            Self::EditDevice(of) => Some(&of.customer),
            Self::DeleteDevice(of) | Self::RebootDevice(of) => Some(&of.customer),
            Self::ReplaceDevice(of) => Some(&of.customer),
            Self::ChangePlan(of) => Some(&of.customer),
            Self::InspectDevices(of) => Some(&of.customer),
            Self::SaveAssignments(of) => Some(&of.customer),
            Self::GiveLicenses(of) => Some(&of.customer),
            Self::SetDealer(of) => Some(&of.customer),
            Self::SetChannel(of) => Some(&of.customer),
            Self::LinkShop(of) => Some(&of.customer),
            Self::RecoverNumber { .. }
            | Self::EstablishVendor { .. }
            | Self::DefineProduct { .. }
            | Self::PublishPolicy { .. }
            | Self::PublishKeyRing { .. }
            | Self::PublishRevocations { .. }
            | Self::SetWebhook { .. }
            | Self::IssueKeys { .. }
            | Self::AddPerson { .. }
            | Self::ErasePerson { .. }
            | Self::VoidKey { .. }
            | Self::ActivateUser(_)
            | Self::EditProfile(_)
            | Self::AddPartnerUser(_)
            | Self::RemovePartnerUser(_)
            | Self::RegisterPartner(_)
            | Self::StockPartner(_)
            | Self::LinkPartnerShop(_) => None,
        }
    }

    /// The partner it concerns, if one.
    #[must_use]
    pub const fn partner(&self) -> Option<&PartnerId> {
        match self {
            Self::AddPartnerUser(of) => Some(&of.partner),
            Self::RemovePartnerUser(of) => Some(&of.partner),
            Self::RegisterPartner(of) => Some(&of.partner),
            Self::StockPartner(of) => Some(&of.partner),
            Self::GiveLicenses(of) => Some(&of.partner),
            Self::LinkPartnerShop(of) => Some(&of.partner),
            Self::SetDealer(of) => of.partner.as_ref(),
            Self::CreateAccount(of) => of.dealer.as_ref(),
            _ => None,
        }
    }

    /// The person it concerns, if one.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::AddPerson { person, .. }
            | Self::ErasePerson { person }
            | Self::AddMember { person, .. }
            | Self::RemoveMember { person, .. }
            | Self::RegisterNumber { person, .. } => Some(person),
            Self::AddUser(of) => Some(&of.person),
            Self::ActivateUser(of) => Some(&of.person),
            Self::ResendActivation(of) => Some(&of.person),
            Self::EditUser(of) => Some(&of.person),
            Self::EditProfile(of) => Some(&of.person),
            Self::ReplaceAdministrator(of) => Some(&of.person),
            Self::AddPartnerUser(of) => Some(&of.person),
            Self::RemovePartnerUser(of) => Some(&of.person),
            _ => None,
        }
    }
}
