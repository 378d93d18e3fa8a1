//! The logs of a red journey's servers: nobody asks for those of a green one.

use journal::{Fact, Observation};

use crate::ServerLog;

/// So many of a server's last lines are in the report; the journal has more.
const REPORTED_LINES: usize = 40;

/// So many of them are shown where space is short.
pub(crate) const SHOWN_LINES: usize = 10;

/// The log of every server that was heard.
pub(crate) fn logs(observations: &[Observation]) -> Vec<ServerLog> {
    let said = observations.iter().filter_map(|observation| match &observation.fact {
        Fact::ServerSaid(said) => Some(said),
        _ => None,
    });
    let of_one = |said: &journal::ServerSaid| {
        let words = &said.words;
        let cut = words.lines.len().saturating_sub(REPORTED_LINES);
        ServerLog {
            tenant: said.tenant,
            ended: words.ended.clone(),
            lines: words.lines[cut..].to_vec(),
            before: words.dropped + cut as u64,
        }
    };
    said.map(of_one).collect()
}

/// The last lines of a log.
pub(crate) fn tail(log: &ServerLog, shown: usize) -> &[String] {
    &log.lines[log.lines.len().saturating_sub(shown)..]
}

#[cfg(test)]
mod tests {
    use journal::{Journal, Verdict};
    use serde_json::json;

    use crate::console::{self, Look};
    use crate::{Report, fold, json as as_json, junit, sample, summary};

    /// One journey whose server said so many lines.
    fn report(journal: Journal, ended: Option<&str>, lines: usize) -> Report {
        let planned = sample::planned(sample::SCENARIO, "a");
        let lines: Vec<String> = (1..=lines).map(|number| format!("line {number} \u{1b}[2K|```|")).collect();
        let mut said = json!({"tenant": "subject", "lines": lines, "dropped": 5});
        if let Some(ended) = ended {
            said["ended"] = ended.into();
        }
        let mut journal = journal;
        let seq = journal.observations.len() + 1;
        let fact = json!({"seq": seq, "at_ms": 130, "fact": {"server_said": said}});
        journal.observations.push(serde_json::from_value(fact).unwrap());
        fold(&sample::record(std::slice::from_ref(&planned)), [(planned.id, Some(journal))], None)
    }

    fn red(lines: usize) -> Report {
        let planned = sample::planned(sample::SCENARIO, "a");
        report(sample::red_journal(&planned), Some("signal: 9 (SIGKILL)"), lines)
    }

    const PLAIN: Look<'_> = Look { color: false, width: 200, records: None };

    #[test]
    fn a_red_shows_the_last_ten_lines_of_its_server_and_machines_get_forty() {
        let report = red(100);
        let log = &report.journeys[0].servers[0];
        assert_eq!((log.lines.len(), log.before), (40, 65));
        let shown = console::render(&report, PLAIN);
        let heading =
            "the tenant's server ended by itself with signal: 9 (SIGKILL); the last 10 lines of its log, 95";
        assert!(shown.contains(heading), "{shown}");
        let page = summary(&report);
        for text in [&shown, &page] {
            assert!(text.contains("line 91 \\u{1b}[2K|```|\n"), "{text}");
            assert!(text.contains("line 100 ") && !text.contains("line 90 "), "{text}");
        }
        assert!(page.contains("\n````text\nline 91"), "{page}");
        let xml = quick_junit::Report::deserialize_from_str(&junit(&report)).unwrap();
        let output = xml.test_suites[0].test_cases[0].system_out.as_ref().unwrap().as_str().to_owned();
        assert_eq!(output.lines().count(), 41);
        assert!(output.contains("line 61 ") && !output.contains('\u{1b}'), "{output}");
        assert_eq!(as_json(&report)["journeys"][0]["servers"][0]["lines"].as_array().unwrap().len(), 40);
    }

    #[test]
    fn a_short_log_is_told_whole_and_a_silent_server_said_nothing() {
        assert!(console::render(&red(3), PLAIN).contains("the last 3 lines of its log, 5 before"));
        assert!(console::render(&red(0), PLAIN).contains("it said nothing"));
    }

    #[test]
    fn a_broken_journey_shows_the_log_and_says_where_it_was_before() {
        let planned = sample::planned(sample::SCENARIO, "a");
        let mut journal = sample::green_journal(&planned);
        journal.judged = None;
        let report = report(journal, None, 2);
        let told = &report.journeys[0];
        assert_eq!(told.judged.verdict, Verdict::Broken);
        assert_eq!(told.last.as_ref().unwrap().seq, 7);
        assert!(
            console::render(&report, PLAIN).contains("the tenant's server ran to the end; the last 2 lines")
        );
    }

    #[test]
    fn a_green_shows_nothing_of_a_log() {
        let planned = sample::planned(sample::SCENARIO, "a");
        let report = report(sample::green_journal(&planned), None, 20);
        let texts =
            [console::render(&report, PLAIN), summary(&report), junit(&report), as_json(&report).to_string()];
        assert!(texts.iter().all(|text| !text.contains("line 20")), "{texts:#?}");
    }
}
