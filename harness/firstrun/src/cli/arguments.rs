//! The words that can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract::DefectId;
use journal::Persona;

use super::parse;

/// Plays the first run of a hosted agent platform, whole, before a customer does.
#[derive(Debug, Parser)]
#[command(name = "firstrun", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play scenarios and say what came of them
    Run(RunArguments),
    /// Read scenarios and say what is wrong with them
    Check(CheckArguments),
    /// Say what would be played; starts nothing
    Plan(PlanArguments),
    /// Say in sentences what would be played and what is expected of it; starts nothing
    Explain(ExplainArguments),
    /// Say what must become of one model id, and why; starts nothing
    Predict(PredictArguments),
    /// Print samples of the forms of model ids that are drawn, and what is predicted of each; starts nothing
    Forms(FormsArguments),
    /// Ask a platform fixed questions and say which of the built-in contracts it behaves like
    Identify(IdentifyArguments),
    /// Keep one tenant up, with the world around it, and print how it is reached
    Up(UpArguments),
    /// Take down what `up` keeps up on this machine
    Down,
    /// Say which stacks can be played on here, what is missing, and how to get it; starts nothing
    Doctor(DoctorArguments),
    /// End and remove what dead runs left on this machine, and the images that were built for containers
    Clean,
    /// Print the JSON Schema of scenario files, or of stack files, for editors
    Schema(SchemaArguments),
    /// Show an earlier run again
    Report(ReportArguments),
    /// List the cases that `run --keep-regressions` keeps, and drop what is fixed
    Regressions(RegressionsArguments),
    /// Serve the reference platform alone, configured by the variables of the real server
    Platform(PlatformArguments),
    /// Serve the management tools over standard input and output
    Mcp(McpArguments),
}

/// What is played.
#[derive(Clone, Debug, Args)]
pub(crate) struct SelectionArguments {
    /// Scenario files, or ids of the embedded pack; the whole pack if none is named
    #[arg(value_name = "FILE|ID")]
    pub(crate) scenarios: Vec<String>,

    /// Only scenarios with this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,

    /// Only the case with this key, as `plan` prints it
    #[arg(long, value_name = "KEY")]
    pub(crate) case: Option<String>,

    /// The seed that every choice comes from, or `random`
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse::seed)]
    pub(crate) seed: u64,

    /// Play so many seeds, one drawn case of each scenario a seed; all cases of one seed if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) seeds: Option<u64>,

    /// With --seeds: all cases of every seed
    #[arg(long)]
    pub(crate) all_cases: bool,

    #[command(flatten)]
    pub(crate) contracts: ContractArguments,
}

/// Whose promises and whose ids.
#[derive(Clone, Debug, Args)]
pub(crate) struct ContractArguments {
    /// The contract whose promises are judged: a name or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) contract: Option<String>,

    /// The contract that the embedded platform obeys; the judged one if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) platform_contract: Option<String>,

    /// The registry of the run; the judged contract's own if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) registry: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,

    /// Be a gate: play what is tagged `gate`, held against the list of known failures
    #[arg(long, conflicts_with_all = ["defects", "case", "tag"])]
    pub(crate) gate: bool,

    /// With --gate: the list of known failures, instead of the pack's own
    #[arg(long, value_name = "FILE", requires = "gate")]
    pub(crate) known_failures: Option<PathBuf>,

    /// What the tenants run on: a name or a file (fixtures/stacks)
    #[arg(long, value_name = "NAME|FILE", default_value = crate::stacks::DEFAULT_STACK)]
    pub(crate) stack: String,

    /// Journeys side by side
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = parse::jobs)]
    pub(crate) jobs: usize,

    /// Break the reference platform or the world in this way (a number such as D-13, or a switch)
    #[arg(long = "defect", value_name = "NAME", value_parser = parse::defect)]
    pub(crate) defects: Vec<DefectId>,

    /// Write the records into this folder instead of the next one below reports/
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// The bound on one journey
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse::time)]
    pub(crate) journey_timeout: Duration,

    /// Keep failing drawn cases as small files in this folder, and play those that are there first
    #[arg(long, value_name = "DIR", conflicts_with_all = ["defects", "case"])]
    pub(crate) keep_regressions: Option<PathBuf>,

    /// Don't look for the simplest scenario that fails like a failing drawn case
    #[arg(long)]
    pub(crate) no_shrink: bool,

    /// Multiplies every wait, and the journey's bound; a slow machine needs more than 1
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = parse::factor)]
    pub(crate) time_factor: f64,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Scenario files, or ids of the embedded pack; the whole pack if none is named
    #[arg(value_name = "FILE|ID")]
    pub(crate) scenarios: Vec<String>,

    #[command(flatten)]
    pub(crate) contracts: ContractArguments,

    /// How the problems are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,

    /// What the tenants would run on: a name or a file (fixtures/stacks)
    #[arg(long, value_name = "NAME|FILE", default_value = crate::stacks::DEFAULT_STACK)]
    pub(crate) stack: String,

    /// How the plan is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
}

/// Whose ids are shown, and how many of them.
#[derive(Debug, Args)]
pub(crate) struct FormsArguments {
    /// The runtime whose ids are shown
    #[arg(long, value_name = "NAME")]
    pub(crate) runtime: String,

    /// The contract whose promises are predicted: a name or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) contract: Option<String>,

    /// The registry that says whose id it is; the contract's own if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) registry: Option<String>,

    /// How the ids come in, without any key: tool, create, import, put_model or restart
    #[arg(long, value_name = "ENTRY", default_value = "create")]
    pub(crate) entry: String,

    /// Only ids of this form; repeat it for several
    #[arg(long = "form", value_name = "FORM")]
    pub(crate) forms: Vec<String>,

    /// Every id of the grammar
    #[arg(long, conflicts_with_all = ["samples", "seed"])]
    pub(crate) all: bool,

    /// The seed that the samples are drawn by, or `random`
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse::seed)]
    pub(crate) seed: u64,

    /// At most so many ids of each form
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) samples: u16,

    /// How the samples are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// One id, its runtime and keys, and how it comes in.
#[derive(Debug, Args)]
pub(crate) struct PredictArguments {
    /// The contract whose promises are asked for: a name or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) contract: Option<String>,

    /// The registry that says whose id it is; the contract's own if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) registry: Option<String>,

    /// The runtime; the platform's own default if not given. One that nobody knows is noted and predicted all the same:
    /// a platform refuses it
    #[arg(long, value_name = "NAME")]
    pub(crate) runtime: Option<String>,

    /// The model id, byte for byte; "" is an empty one, none at all a field that is left out
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,

    /// A key by the name of its variable; repeat it for several. Its value is no matter, but NAME= is one without a
    /// value. Where no place is given it stands in the payload for create, on the workspace for restart, else on the
    /// whole tenant (global). A name that no provider accepts, or a place that the entry lacks, is noted and predicted
    /// all the same
    #[arg(long = "key", value_name = "NAME[=VALUE][@payload|@workspace|@global]")]
    pub(crate) keys: Vec<String>,

    /// How the id comes in: tool, create, import, put_model or restart. The last two find a row that is online on the
    /// runtime's first platform id
    #[arg(long, value_name = "ENTRY", default_value = "create")]
    pub(crate) entry: String,

    /// The server has no model proxy
    #[arg(long)]
    pub(crate) no_proxy: bool,

    /// The server can't read its manifest of runtimes (WORKSPACE_MANIFEST_PATH), so it knows fewer of them
    #[arg(long)]
    pub(crate) no_manifest: bool,

    /// How the prediction is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct IdentifyArguments {
    /// What the platform runs on: a name or a file (fixtures/stacks)
    #[arg(long, value_name = "NAME|FILE", default_value = crate::stacks::DEFAULT_STACK)]
    pub(crate) stack: String,

    /// The contract that the reference platform obeys: a name or a file; as-designed if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) platform_contract: Option<String>,

    /// The registry of ids; the platform contract's own if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) registry: Option<String>,

    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct UpArguments {
    /// What the tenant runs on: a name or a file (fixtures/stacks)
    #[arg(value_name = "NAME|FILE", default_value = crate::stacks::DEFAULT_STACK)]
    pub(crate) stack: String,

    #[command(flatten)]
    pub(crate) contracts: ContractArguments,

    /// How the mocked model behind the concierge behaves: guesser, omitter, reader or stubborn
    #[arg(long, value_name = "NAME", default_value = "reader", value_parser = parse::persona)]
    pub(crate) persona: Persona,

    /// The model id that it types unasked
    #[arg(long, value_name = "ID")]
    pub(crate) would_type: Option<String>,

    /// The seed that every choice comes from, or `random`
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse::seed)]
    pub(crate) seed: u64,

    /// Print the tokens too
    #[arg(long)]
    pub(crate) show_tokens: bool,

    /// Take it down by itself after so long
    #[arg(long = "for", value_name = "TIME", default_value = "8h", value_parser = parse::time)]
    pub(crate) keep: Duration,

    /// Break the reference platform or the world in this way (a number such as D-13, or a switch)
    #[arg(long = "defect", value_name = "NAME", value_parser = parse::defect)]
    pub(crate) defects: Vec<DefectId>,

    /// Multiplies every wait
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = parse::factor)]
    pub(crate) time_factor: f64,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// The stack that is looked at: a name or a file (fixtures/stacks); every built-in one if not given
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) stack: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The schema of stack files
    #[arg(long)]
    pub(crate) stack: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlatformArguments {
    #[command(flatten)]
    pub(crate) contracts: ContractArguments,

    /// Stand in for a real server: ask for exactly the variables that it takes, for its Postgres, its Redis and its
    /// migrations below the working directory
    #[arg(long)]
    pub(crate) demand_recipe: bool,

    /// Break the platform in this way (a number such as D-13, or a switch)
    #[arg(long = "defect", value_name = "NAME", value_parser = parse::defect)]
    pub(crate) defects: Vec<DefectId>,
}

#[derive(Debug, Args)]
pub(crate) struct McpArguments {
    #[command(flatten)]
    pub(crate) contracts: ContractArguments,

    /// Break the tools in this way (a number such as D-17, or a switch)
    #[arg(long = "defect", value_name = "NAME", value_parser = parse::defect)]
    pub(crate) defects: Vec<DefectId>,
}

#[derive(Debug, Args)]
pub(crate) struct RegressionsArguments {
    /// The folder of kept cases
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// Drop this file
    #[arg(long = "drop", value_name = "FILE")]
    pub(crate) dropped: Vec<String>,

    /// Drop every case that has passed often enough
    #[arg(long)]
    pub(crate) drop_fixed: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The run: its folder, or its name below reports/
    #[arg(value_name = "RUN")]
    pub(crate) run: String,

    /// Judge the journals again with this judge
    #[arg(long)]
    pub(crate) rejudge: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
