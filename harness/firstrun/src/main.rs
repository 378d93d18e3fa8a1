//! The `firstrun` command.

fn main() -> std::process::ExitCode {
    firstrun::main()
}
