//! What the oracle says.

use wire::Code;

use crate::Answers;

/// What a platform must answer, as far as its contract promises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The HTTP status of the entry's answer; for `restart` that of the POST, or of its PUT where that is refused.
    pub status: Promised<u16>,
    /// The code in that answer.
    pub code: Promised<Option<Code>>,
    /// What becomes of the row.
    pub row: Promised<RowEnd>,
    /// The code of the failed provision's event.
    pub row_code: Promised<Option<Code>>,
    /// Whose endpoint and key the calls of the row's box carry; `None` without a box.
    pub payer: Promised<Option<Payer>>,
    /// The provider whose endpoint they go to: `platform`, or a vendor's; `None` without a box.
    pub provider: Promised<Option<String>>,
    /// The name of the tenant's own key that they carry; `None` where the platform pays, and without a box.
    pub key: Promised<Option<String>>,
    /// Whether a question to the row's agent is answered by a model.
    pub answers: Promised<bool>,
    /// Why, in one sentence.
    pub why: String,
    /// Further outcomes that the contract allows. They have none of their own.
    pub or: Vec<Prediction>,
}

/// What a contract promises of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Promised<T> {
    /// Exactly this.
    This(T),
    /// Nothing: nobody recorded it and nobody wrote it down.
    Unpromised,
}

/// What becomes of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowEnd {
    /// It comes online.
    Online,
    /// It fails.
    Failed,
    /// It waits for an agent that runs elsewhere: nobody makes a box.
    AwaitingAgent,
    /// There was one, and it goes on as it was: online on the runtime's first platform id.
    Unchanged,
    /// There is none.
    None,
}

/// Who pays for the calls of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// The platform: they go to its proxy, with the tenant's usage token.
    Platform,
    /// The tenant: they go to a vendor, with its own key.
    Vendor,
}

impl<T> Promised<T> {
    /// What is promised, if anything is.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::This(value) => Some(value),
            Self::Unpromised => None,
        }
    }
}

impl<T: PartialEq> Promised<T> {
    /// True where exactly this is promised.
    pub fn is(&self, value: &T) -> bool {
        self.get() == Some(value)
    }

    /// True where nothing is promised, or exactly this.
    pub fn allows(&self, value: &T) -> bool {
        self.get().is_none_or(|promised| promised == value)
    }
}

impl Prediction {
    /// True where the id is refused: by the entry itself, or because the row fails.
    pub fn is_refused(&self) -> bool {
        self.refused_early() || self.row.is(&RowEnd::Failed)
    }

    /// True where the entry itself refuses: no row is made, or the one that was there goes on.
    pub fn refused_early(&self) -> bool {
        matches!(self.row, Promised::This(RowEnd::None | RowEnd::Unchanged))
    }

    /// Whether a question to the row's agent is answered by a model.
    pub fn answers(&self) -> Answers {
        match self.answers {
            Promised::This(true) => Answers::Yes,
            Promised::This(false) => Answers::No,
            Promised::Unpromised => Answers::Unpromised,
        }
    }

    /// Who is promised to pay; `None` where nobody does, or nothing is promised.
    pub fn payer(&self) -> Option<Payer> {
        self.payer.get().copied().flatten()
    }

    /// True where no field is promised at all: there is nothing to judge.
    pub fn promises_nothing(&self) -> bool {
        let rest = Self { why: String::new(), or: Vec::new(), ..self.clone() };
        rest == Self::unpromised(String::new())
    }

    /// Nothing is promised, and this is why.
    pub(super) fn unpromised(why: String) -> Self {
        Self {
            status: Promised::Unpromised,
            code: Promised::Unpromised,
            row: Promised::Unpromised,
            row_code: Promised::Unpromised,
            payer: Promised::Unpromised,
            provider: Promised::Unpromised,
            key: Promised::Unpromised,
            answers: Promised::Unpromised,
            why,
            or: Vec::new(),
        }
    }
}
