//! Programs that are installed on this machine, and the user that may run them.

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// Where packages put what is not on the path: the folders of each version, of which the newest is taken.
const VERSIONED: [&str; 2] = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"];

/// Who runs what refuses to be run by the superuser, the first that exists.
const ORDINARY_USERS: [&str; 2] = ["postgres", "nobody"];

/// A program by its name, on the path or where packages put it.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|file| file.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(name));
    on_path.chain(versioned(name)).find(|file| file.is_file())
}

fn versioned(name: &str) -> impl Iterator<Item = PathBuf> {
    VERSIONED.into_iter().flat_map(move |root| {
        let entries = std::fs::read_dir(root).into_iter().flatten().filter_map(Result::ok);
        let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
        let mut versions: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
        versions.into_iter().map(move |version| version.join("bin").join(name))
    })
}

/// A user of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: u32,
    pub(crate) group: u32,
}

/// Whom a program must be run by that the superuser may not run; `None` where this process is an ordinary user's.
pub(crate) fn ordinary_user() -> Result<Option<User>, String> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users =
        std::fs::read_to_string("/etc/passwd").map_err(|error| format!("read /etc/passwd: {error}"))?;
    let found = ORDINARY_USERS.iter().find_map(|name| user_in(&users, name));
    found.map(Some).ok_or_else(|| {
        format!("the superuser may not run postgres, and there is no user {}", ORDINARY_USERS.join(" or "))
    })
}

fn user_in(users: &str, name: &str) -> Option<User> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(User { id: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
}

/// Has a command run by a user.
pub(crate) fn run_by(command: &mut Command, user: Option<User>) {
    if let Some(user) = user {
        command.uid(user.id).gid(user.group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let users = "postgres-x:x:1:1::/:/bin/sh\npostgres:x:104:110:a:/b:/c\nodd:x:y:z::\n";
        assert_eq!(user_in(users, "postgres"), Some(User { id: 104, group: 110 }));
        assert_eq!(user_in(users, "nobody"), None);
        assert_eq!(user_in(users, "odd"), None);
    }

    #[test]
    fn a_program_is_found_on_the_path_and_another_is_not() {
        assert!(program("sh").is_some());
        assert_eq!(program("firstrun-there-is-no-such-program"), None);
    }
}
