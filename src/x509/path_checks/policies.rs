//! The steps of RFC 5280 §6.1 about certificate policies, as updated by RFC 9618.

use std::collections::BTreeSet;

use crate::oid::{self, Oid};
use crate::x509::path::{AcceptablePolicies, AnyPolicy, ExplicitPolicy, PathErrorKind, PolicyMapping, PolicySettings};
use crate::x509::policy_graph::{AnyPolicyCounts, MappingCounts, PolicyGraph};
use crate::x509::{Certificate, Criticality};

/// The state variables about policies.
#[derive(Debug)]
pub(super) struct PolicyState {
    valid_policy_graph: PolicyGraph,
    explicit_policy: u64,
    inhibit_any_policy: u64,
    policy_mapping: u64,
}

/// Where a certificate stands in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Above the path, as a limit to it.
    Anchor,
    Intermediate,
    Last,
}

impl PolicyState {
    /// §6.1.2 (a), (d), (e) and (f), for a path of `path_length` certificates.
    pub(super) fn initialize(settings: &PolicySettings, path_length: u64) -> Self {
        let unconstrained = path_length.saturating_add(1);
        Self {
            valid_policy_graph: PolicyGraph::new(),
            explicit_policy: match settings.explicit_policy {
                ExplicitPolicy::Required => 0,
                ExplicitPolicy::AsCertificatesSay => unconstrained,
            },
            inhibit_any_policy: match settings.any_policy {
                AnyPolicy::Inhibit => 0,
                AnyPolicy::Allow => unconstrained,
            },
            policy_mapping: match settings.policy_mapping {
                PolicyMapping::Inhibit => 0,
                PolicyMapping::Allow => unconstrained,
            },
        }
    }

    /// §6.1.3 (d) to (f).
    pub(super) fn process(&mut self, certificate: &Certificate, position: Position) -> Result<(), PathErrorKind> {
        let policies = certificate.certificate_policies();
        // §4.2.1.4: a critical extension is interpreted with its qualifiers, or the certificate rejected.
        let is_critical =
            |id| certificate.extension(id).is_some_and(|found| found.criticality() == Criticality::Critical);
        match policies.and_then(|policies| policies.unknown_qualifier()) {
            Some(id) if is_critical(&oid::CE_CERTIFICATE_POLICIES) => {
                return Err(PathErrorKind::PolicyQualifier { id: id.clone() });
            }
            _ => {}
        }
        let counts = match position {
            // The policies of an anchor only narrow those that are acceptable (RFC 5937 §3.2); any policy narrows nothing.
            Position::Anchor => true,
            Position::Intermediate => self.inhibit_any_policy > 0 || certificate.is_self_issued(),
            Position::Last => self.inhibit_any_policy > 0,
        };
        let any_policy = if counts { AnyPolicyCounts::Yes } else { AnyPolicyCounts::No };
        self.valid_policy_graph.process(policies, any_policy);
        // (f)
        if self.explicit_policy == 0 && self.valid_policy_graph.is_null() {
            return Err(PathErrorKind::NoValidPolicy);
        }
        Ok(())
    }

    /// §6.1.4 (a) and (b).
    pub(super) fn map(&mut self, certificate: &Certificate) -> Result<(), PathErrorKind> {
        let Some(mappings) = certificate.policy_mappings() else { return Ok(()) };
        let names_any = |(issuer_domain, subject_domain): (&Oid, &BTreeSet<Oid>)| {
            *issuer_domain == oid::ANY_POLICY || subject_domain.contains(&oid::ANY_POLICY)
        };
        if mappings.mappings().any(names_any) {
            return Err(PathErrorKind::AnyPolicyMapped);
        }
        let mapping = if self.policy_mapping > 0 { MappingCounts::Yes } else { MappingCounts::No };
        self.valid_policy_graph.map(mappings, mapping);
        Ok(())
    }

    /// §6.1.4 (h), (i) and (j).
    pub(super) fn count(&mut self, certificate: &Certificate) {
        if !certificate.is_self_issued() {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any_policy = self.inhibit_any_policy.saturating_sub(1);
        }
        let constraints = certificate.policy_constraints();
        let lower = |variable: &mut u64, constraint: Option<u64>| {
            *variable = constraint.map_or(*variable, |limit| limit.min(*variable))
        };
        lower(&mut self.explicit_policy, constraints.and_then(|constraints| constraints.require_explicit_policy()));
        lower(&mut self.policy_mapping, constraints.and_then(|constraints| constraints.inhibit_policy_mapping()));
        lower(&mut self.inhibit_any_policy, certificate.inhibit_any_policy());
    }

    /// §6.1.5 (a), (b) and (g): the `user_constrained_policy_set`.
    pub(super) fn wrap_up(
        &mut self,
        certificate: &Certificate,
        acceptable: &AcceptablePolicies,
    ) -> Result<BTreeSet<Oid>, PathErrorKind> {
        // (a)
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        // (b)
        let required = certificate.policy_constraints().and_then(|constraints| constraints.require_explicit_policy());
        if required == Some(0) {
            self.explicit_policy = 0;
        }
        // (g)
        let user_initial = match acceptable {
            AcceptablePolicies::OneOf(policies) if !policies.contains(&oid::ANY_POLICY) => Some(policies),
            AcceptablePolicies::OneOf(_) | AcceptablePolicies::Any => None,
        };
        let valid = self.valid_policy_graph.user_constrained_policy_set(user_initial);
        if self.explicit_policy == 0 && valid.is_empty() {
            return Err(PathErrorKind::NoAcceptablePolicy);
        }
        Ok(valid)
    }
}
