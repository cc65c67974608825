//! Settings of user agents.

use schemars::JsonSchema;
use serde::Deserialize;

/// What is kept of a user agent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "must be \"family\", \"os\", \"class\", \"bot\" or { bot = { list = \"robots.json\" } }"
)]
pub enum Agent {
    /// A word.
    Word(AgentWord),
    /// Whether it is a robot, by a list.
    Listed(ListedAgents),
}

/// What is kept of a user agent, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AgentWord {
    /// The browser's or robot's name without version.
    Family,
    /// The operating system's name without version.
    Os,
    /// `pc`, `smartphone`, `mobilephone`, `appliance`, `crawler`, `misc` or
    /// `UNKNOWN`.
    Class,
    /// True for robots.
    Bot,
}

/// Whether a user agent is a robot, by a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedAgents {
    /// Which list.
    pub bot: RobotList,
}

/// A list of robots.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RobotList {
    /// File in the form of COUNTER's list of robots: a JSON array of objects whose
    /// `pattern` is a regular expression. From the institution's folder.
    pub list: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Rule {
        agent: Agent,
    }

    fn agent(text: &str) -> Option<Agent> {
        toml::from_str(text).ok().map(|rule: Rule| rule.agent)
    }

    #[test]
    fn words_and_a_list_are_read() {
        for (word, expected) in [
            ("family", AgentWord::Family),
            ("os", AgentWord::Os),
            ("class", AgentWord::Class),
            ("bot", AgentWord::Bot),
        ] {
            assert_eq!(agent(&format!("agent = '{word}'")), Some(Agent::Word(expected)));
        }
        let bot = RobotList { list: "lists/robots.json".into() };
        let listed = agent("agent = { bot = { list = 'lists/robots.json' } }");
        assert_eq!(listed, Some(Agent::Listed(ListedAgents { bot })));
        for refused in ["agent = 'Family'", "agent = { bot = { list = 'a', k = 1 } }", "agent = {}"]
        {
            assert_eq!(agent(refused), None, "{refused}");
        }
    }

    #[test]
    fn the_schema_has_every_form() {
        let schema = serde_json::to_string(&schemars::schema_for!(Agent)).unwrap();
        for name in ["family", "os", "class", "bot", "list"] {
            assert!(schema.contains(&format!("\"{name}\"")), "{name}");
        }
    }
}
