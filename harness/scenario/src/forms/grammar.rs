//! Which ids of a runtime have which form.

use std::collections::BTreeSet;

use contract::{Billing, Entry, PLATFORM_PROVIDER, Registry, Runtime};
use journal::FormLabel;

use super::{respell, words};

/// An id, how it is spelled, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its form.
    pub label: FormLabel,
    /// The id; `None` where the field is left out.
    pub id: Option<String>,
    /// The listed id that it is another spelling of, or whom it belongs to.
    pub of: Option<String>,
}

impl Form {
    /// The form in words: `padded, of moonshot/kimi-k2.6, which platform lists`.
    pub fn in_words(&self) -> String {
        match &self.of {
            Some(of) => format!("{}, {of}", self.label),
            None => self.label.to_string(),
        }
    }

    /// Whether it can come in by an entry.
    pub fn goes_by(&self, entry: Entry) -> bool {
        self.id.is_some() || takes_no_id(entry)
    }

    /// How simple the id is to read, in bytes and by its form: what is left out before what is short before what is
    /// long, and of one length what is listed before what is misspelt.
    pub fn simplicity(&self) -> (usize, FormLabel) {
        (self.id.as_deref().map_or(0, |id| 1 + id.len()), self.label)
    }
}

/// Whether a request that names no id can come in by an entry: what changes a row names one.
pub(crate) fn takes_no_id(entry: Entry) -> bool {
    !matches!(entry, Entry::PutModel | Entry::Restart)
}

/// An id that an arm of the runtime lists.
struct Listed<'a> {
    id: &'a str,
    provider: &'a str,
}

/// A runtime and what its registry says of ids.
struct Ground<'a> {
    registry: &'a Registry,
    runtime: &'a Runtime,
    listed: Vec<Listed<'a>>,
}

/// Every id of the grammar for a runtime, each once, in the order of the forms; nothing for a runtime that the registry
/// does not have. `days` are the registries of other days, which may list ids for this runtime that this one does not.
pub(super) fn forms<'a>(
    registry: &Registry,
    runtime: &str,
    days: impl IntoIterator<Item = &'a Registry>,
) -> Vec<Form> {
    let Some(runtime) = registry.runtime(runtime) else { return Vec::new() };
    let ground = Ground { registry, runtime, listed: listed(runtime) };
    let elsewhen = ground.withdrawn(days);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for label in FormLabel::ALL {
        let forms = if label == FormLabel::Withdrawn { elsewhen.clone() } else { ground.of(label) };
        all.extend(forms.into_iter().filter(|form| seen.insert(form.id.clone())));
    }
    all
}

fn listed(runtime: &Runtime) -> Vec<Listed<'_>> {
    let arms = runtime.arms.iter();
    arms.flat_map(|arm| {
        let provider = arm.provider.value.as_str();
        arm.exact.iter().map(move |id| Listed { id: &id.value, provider })
    })
    .collect()
}

fn plain(label: FormLabel, id: impl Into<String>) -> Form {
    Form { label, id: Some(id.into()), of: None }
}

fn of_whom(label: FormLabel, id: impl Into<String>, of: String) -> Form {
    Form { label, id: Some(id.into()), of: Some(of) }
}

impl Ground<'_> {
    fn of(&self, label: FormLabel) -> Vec<Form> {
        match label {
            FormLabel::Absent => vec![Form { label, id: None, of: None }],
            FormLabel::Empty => vec![plain(label, "")],
            FormLabel::Blank => [" ", "\t", "\u{a0}", " \u{3000} "].map(|id| plain(label, id)).to_vec(),
            FormLabel::Alias => words::words().aliases.iter().map(|id| plain(label, id)).collect(),
            FormLabel::Bare | FormLabel::Slash | FormLabel::Colon => self.listed_as(label),
            FormLabel::TemplateDefault => vec![plain(label, self.runtime.template_default.as_str())],
            FormLabel::OtherArm => self.other_arms(),
            FormLabel::Foreign => self.foreign(),
            FormLabel::Withdrawn => Vec::new(),
            FormLabel::VendorPrefix => self.behind_vendors(label, &words::words().tails, |_| true),
            FormLabel::Passthrough => self.behind_vendors(label, &words::words().passed_on, is_gateway),
            FormLabel::PlatformPrefix => self.behind_platform(),
            FormLabel::Dated => self.with_ends(label, &words::words().dates),
            FormLabel::InventedVersion => self.invented(),
            FormLabel::WrongCase => self.respelled(label, respell::wrong_case),
            FormLabel::Padded => self.respelled(label, respell::padded),
            FormLabel::SwappedSeparator => self.respelled(label, respell::swapped),
            FormLabel::DoubledSeparator => self.respelled(label, respell::doubled),
            FormLabel::MissingPrefix => self.respelled(label, respell::without_vendor),
            FormLabel::DoubledPrefix => self.respelled(label, respell::with_vendor_twice),
            FormLabel::LookAlike => self.respelled(label, respell::look_alikes),
            FormLabel::ControlCharacter => self.respelled(label, respell::with_control),
            FormLabel::LineBreak => self.respelled(label, respell::with_line_break),
            FormLabel::AtLimit => self.respelled(label, respell::at_limit),
            FormLabel::PastLimit => self.respelled(label, respell::past_limit),
        }
    }

    fn is_listed(&self, id: &str) -> bool {
        self.listed.iter().any(|listed| listed.id == id)
    }

    fn listed_as(&self, label: FormLabel) -> Vec<Form> {
        let has_shape = |id: &str| match respell::parted(id) {
            None => FormLabel::Bare,
            Some((_, '/', _)) => FormLabel::Slash,
            Some(_) => FormLabel::Colon,
        };
        let own = self.listed.iter().filter(|listed| has_shape(listed.id) == label);
        own.map(|listed| of_whom(label, listed.id, format!("listed by {}", listed.provider))).collect()
    }

    fn respelled(&self, label: FormLabel, respell: fn(&str) -> Vec<String>) -> Vec<Form> {
        let spellings = self.listed.iter().flat_map(|listed| {
            respell(listed.id).into_iter().map(move |id| of_whom(label, id, of_listed(listed)))
        });
        spellings.filter(|form| form.id.as_deref().is_some_and(|id| !self.is_listed(id))).collect()
    }

    fn with_ends(&self, label: FormLabel, ends: &[String]) -> Vec<Form> {
        let with_end = |listed: &Listed<'_>| {
            let of = of_listed(listed);
            ends.iter()
                .map(|end| of_whom(label, format!("{}{end}", listed.id), of.clone()))
                .collect::<Vec<_>>()
        };
        self.listed
            .iter()
            .flat_map(with_end)
            .filter(|form| form.id.as_deref().is_some_and(|id| !self.is_listed(id)))
            .collect()
    }

    fn invented(&self) -> Vec<Form> {
        let label = FormLabel::InventedVersion;
        let mut invented = self.respelled(label, respell::next_version);
        invented.extend(self.with_ends(label, &words::words().versions));
        invented
    }

    /// The model of a listed id behind each other vendor that this runtime lists ids of.
    fn other_arms(&self) -> Vec<Form> {
        let mut vendors: Vec<(&str, char)> = Vec::new();
        for listed in &self.listed {
            if let Some((vendor, separator, _)) = respell::parted(listed.id)
                && !vendors.contains(&(vendor, separator))
            {
                vendors.push((vendor, separator));
            }
        }
        let moved = self.listed.iter().flat_map(|listed| {
            let model = respell::parted(listed.id).map_or(listed.id, |(_, _, rest)| rest);
            vendors.iter().map(move |(vendor, separator)| {
                of_whom(FormLabel::OtherArm, format!("{vendor}{separator}{model}"), of_listed(listed))
            })
        });
        moved.filter(|form| form.id.as_deref().is_some_and(|id| !self.is_listed(id))).collect()
    }

    fn foreign(&self) -> Vec<Form> {
        let others =
            self.registry.runtimes.iter().filter(|other| other.name.value != self.runtime.name.value);
        let ids = others.flat_map(|other| listed(other).into_iter().map(move |listed| (other, listed)));
        ids.filter(|(_, listed)| !self.is_listed(listed.id))
            .map(|(other, listed)| {
                of_whom(FormLabel::Foreign, listed.id, format!("listed for {}", other.name.value))
            })
            .collect()
    }

    fn withdrawn<'a>(&self, days: impl IntoIterator<Item = &'a Registry>) -> Vec<Form> {
        let label = FormLabel::Withdrawn;
        let mut withdrawn = Vec::new();
        for day in days {
            let Some(runtime) = day.runtime(&self.runtime.name.value) else { continue };
            let of = format!("listed on {}", day.as_of);
            let then = listed(runtime).into_iter().filter(|then| !self.is_listed(then.id));
            withdrawn.extend(then.map(|then| of_whom(label, then.id, of.clone())));
        }
        let earlier = words::words().withdrawn.iter().filter(|id| !self.is_listed(id));
        withdrawn.extend(earlier.map(|id| of_whom(label, id, "listed on an earlier day".to_owned())));
        withdrawn
    }

    /// Behind the name of each vendor of which the runtime lists nothing, with either separator.
    fn behind_vendors(&self, label: FormLabel, tails: &[String], is_meant: fn(&str) -> bool) -> Vec<Form> {
        let nameonly =
            self.runtime.arms.iter().filter(|arm| arm.billing() == Billing::Byok && arm.exact.is_empty());
        let names = nameonly.map(|arm| arm.provider.value.as_str()).filter(|name| is_meant(name));
        let spelled = names.flat_map(|name| {
            let vendor = name.strip_prefix("byok-").unwrap_or(name);
            tails.iter().flat_map(move |tail| {
                ['/', ':'].map(|separator| {
                    of_whom(label, format!("{vendor}{separator}{tail}"), format!("behind {name}"))
                })
            })
        });
        spelled.filter(|form| form.id.as_deref().is_some_and(|id| !self.is_listed(id))).collect()
    }

    fn behind_platform(&self) -> Vec<Form> {
        let label = FormLabel::PlatformPrefix;
        let nothings = words::words().nothings.iter().map(String::as_str);
        let ids = nothings.chain(self.runtime.platform_ids());
        ids.map(|id| format!("{PLATFORM_PROVIDER}/{id}"))
            .filter(|id| !self.is_listed(id))
            .map(|id| plain(label, id))
            .collect()
    }
}

fn of_listed(listed: &Listed<'_>) -> String {
    format!("of {}, which {} lists", listed.id, listed.provider)
}

fn is_gateway(provider: &str) -> bool {
    words::words().gateways.iter().any(|gateway| gateway == provider)
}
