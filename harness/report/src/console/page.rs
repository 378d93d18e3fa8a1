//! Lines with labels, wrapped and coloured. Every text is escaped here, on its way out.

use owo_colors::Style;

use super::Look;
use crate::text::{escaped, wrapped};

/// Narrower than this nothing is wrapped.
const MIN_TEXT_WIDTH: usize = 40;

/// How far the further lines of a paragraph or an entry stand in.
pub(super) const HANGING: usize = 4;

/// What a word stands for; its colour follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Label,
    Heading,
    Good,
    Bad,
    Warning,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Label => Style::new().dimmed(),
            Self::Heading => Style::new().bold(),
            Self::Good => Style::new().green(),
            Self::Bad => Style::new().red().bold(),
            Self::Warning => Style::new().yellow().bold(),
        }
    }
}

/// A text that grows downwards.
pub(super) struct Page<'a> {
    look: Look<'a>,
    text: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(look: Look<'a>) -> Self {
        Self { look, text: String::new() }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// An empty line; nothing at the top of the page or after another empty line.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph; its further lines stand in a little.
    pub(super) fn paragraph(&mut self, indent: usize, ink: Ink, text: &str) {
        let text = escaped(text);
        let margin = " ".repeat(indent);
        for (index, line) in wrapped(&text, self.room(indent + HANGING)).iter().enumerate() {
            let hanging = if index == 0 { "" } else { &" ".repeat(HANGING) };
            self.push_line(&format!("{margin}{hanging}{}", self.inked(ink, line)));
        }
    }

    /// A label and its text, whose further lines stand under its first.
    pub(super) fn labelled(&mut self, indent: usize, label_width: usize, label: (Ink, &str), text: &str) {
        self.hung(indent, label_width, label, text, 0);
    }

    /// A label and one entry of a list, whose further lines stand in a little.
    pub(super) fn entry(&mut self, indent: usize, label_width: usize, label: (Ink, &str), text: &str) {
        self.hung(indent, label_width, label, text, HANGING);
    }

    fn hung(&mut self, indent: usize, label_width: usize, label: (Ink, &str), text: &str, hanging: usize) {
        let (ink, label) = label;
        let text = escaped(text);
        let column = indent + label_width + 1;
        let margin = " ".repeat(indent);
        for (index, line) in wrapped(&text, self.room(column + hanging)).iter().enumerate() {
            let line = if index == 0 {
                let padding = " ".repeat((label_width + 1).saturating_sub(label.chars().count()));
                format!("{margin}{}{padding}{line}", self.inked(ink, label))
            } else {
                format!("{}{line}", " ".repeat(column + hanging))
            };
            self.push_line(&line);
        }
    }

    /// A label and a text that must stay one line, so that it can be copied.
    pub(super) fn copyable(&mut self, indent: usize, label_width: usize, label: &str, text: &str) {
        let padding = " ".repeat((label_width + 1).saturating_sub(label.chars().count()));
        let margin = " ".repeat(indent);
        let line = format!("{margin}{}{padding}{}", self.inked(Ink::Label, label), escaped(text));
        self.push_line(&line);
    }

    /// A row of a table: one line as it is, so that its columns stand under each other.
    pub(super) fn row(&mut self, indent: usize, text: &str) {
        self.push_line(&format!("{}{}", " ".repeat(indent), escaped(text)));
    }

    fn room(&self, taken: usize) -> usize {
        self.look.width.saturating_sub(taken).max(MIN_TEXT_WIDTH)
    }

    fn inked(&self, ink: Ink, text: &str) -> String {
        if self.look.color && ink != Ink::Plain && !text.is_empty() {
            ink.style().style(text).to_string()
        } else {
            text.to_owned()
        }
    }

    fn push_line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
