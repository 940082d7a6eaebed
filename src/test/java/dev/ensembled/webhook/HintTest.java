package dev.ensembled.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What events and bodies ask for, for a source that follows {@code refs/heads/main}. */
class HintTest {

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GITHUB | X-GitHub-Event | push | {`ref`:`refs/heads/main`,`deleted`:false,`commits`:[{`id`:`1`}]} | FETCH",
                "GITHUB | X-GitHub-Event | push | {`ref`:`refs/heads/other`} | OTHER_REF",
                "GITHUB | X-GitHub-Event | push | {`ref`:`refs/tags/main`} | OTHER_REF",
                "GITHUB | X-GitHub-Event | ping | {`zen`:`Design for failure.`,`hook_id`:1} | PING",
                "GITHUB | X-GitHub-Event | pull_request | {`action`:`opened`} | PLAN_PULL_REQUESTS",
                "GITEA | X-Gitea-Event | push | {`ref`:`refs/heads/main`,`total_commits`:1} | FETCH",
                "GITEA | X-Gitea-Event | create | {`ref`:`main`,`ref_type`:`branch`} | OTHER_EVENT",
                "FORGEJO | X-Forgejo-Event | push | {`ref`:`refs/heads/develop`} | OTHER_REF",
                "GITLAB | X-Gitlab-Event | Push Hook | {`object_kind`:`push`,`event_name`:`push`,`ref`:`refs/heads/main`} | FETCH",
                "GITLAB | X-Gitlab-Event | Tag Push Hook | {`event_name`:`tag_push`,`ref`:`refs/tags/v1`} | OTHER_REF",
                "GITLAB | X-Gitlab-Event | Merge Request Hook | {`object_kind`:`merge_request`} | PLAN_PULL_REQUESTS",
                "GITLAB | X-Gitlab-Event | System Hook | {`event_name`:`push`,`ref`:`refs/heads/main`} | FETCH",
                "GITLAB | X-Gitlab-Event | System Hook | {`event_name`:`user_create`} | OTHER_EVENT",
                "GITLAB | X-Gitlab-Event | System Hook | {`event_name`:`repository_update`,`refs`:[`refs/heads/a`]} | FETCH",
                "GITLAB_SIGNED | X-Gitlab-Event | Push Hook | {`event_name`:`push`,`ref`:`refs/heads/x`} | OTHER_REF",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[{`new`:{`type`:`branch`,`name`:`main`},`old`:null}]}} | FETCH",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[{`new`:{`type`:`tag`,`name`:`main`}}]}} | OTHER_REF",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[{`new`:null,`old`:{`type`:`branch`,`name`:`main`}}]}} | FETCH",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[{`new`:{`type`:`branch`,`name`:`x`}},{`new`:{`type`:`branch`,`name`:`main`}}]}} | FETCH",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[{`new`:{`type`:`bookmark`,`name`:`x`}}]}} | FETCH",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[null]}} | FETCH",
                "BITBUCKET | X-Event-Key | repo:push | {`push`:{`changes`:[]}} | FETCH",
                "BITBUCKET | X-Event-Key | repo:refs_changed | {`changes`:[{`ref`:{`id`:`refs/heads/main`},`refId`:`refs/heads/main`,`type`:`UPDATE`}]} | FETCH",
                "BITBUCKET | X-Event-Key | repo:refs_changed | {`changes`:[{`refId`:`refs/heads/other`}]} | OTHER_REF",
                "BITBUCKET | X-Event-Key | mirror:repo_synchronized | {`syncType`:`INCREMENTAL`} | FETCH",
                "BITBUCKET | X-Event-Key | diagnostics:ping | {`test`:true} | PING",
                "BITBUCKET | X-Event-Key | pullrequest:created | {} | OTHER_EVENT",
                "GENERIC | X-Ensembled-Event | push | {`ref`:`refs/heads/main`} | FETCH",
                "GENERIC | X-Ensembled-Event | ping | {} | PING",
                // Without a name of the event, or with a body that says nothing: perhaps a push
                "GENERIC | X-None | x | {} | FETCH",
                "GENERIC | X-None | x | {`ref`:`refs/heads/other`} | OTHER_REF",
                "GITHUB | X-GitHub-Event | push | no JSON | FETCH",
                "GITHUB | X-GitHub-Event | push | payload=%7B%22ref%22%3A%22refs%2Fheads%2Fother%22%7D | FETCH",
                "GITHUB | X-GitHub-Event | push | null | FETCH",
                "GITHUB | X-GitHub-Event | push | [1,2] | FETCH",
                "GITHUB | X-GitHub-Event | push | {`ref`:{`a`:1}} | FETCH",
                "GITHUB | X-GitHub-Event | push | {`ref`:`refs/heads/other` | FETCH",
            })
    void eventAndBodyDecideAtMostWhetherToFetch(
            Provider provider, String header, String event, String body, Hint hint) {
        assertThat(hint(provider, header, event, body.replace('`', '"'))).isEqualTo(hint);
    }

    @ParameterizedTest
    @CsvSource({"63, OTHER_REF", "1000, FETCH", "300000, FETCH"})
    void deepJsonIsNotParsed(int depth, Hint expected) {
        String body = "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + ",\"ref\":\"refs/heads/other\"}";

        assertThat(hint(Provider.GITHUB, "X-GitHub-Event", "push", body)).isEqualTo(expected);
    }

    private static Hint hint(Provider provider, String header, String event, String body) {
        Delivery delivery = new Delivery(Map.of(header, List.of(event)), body.getBytes(StandardCharsets.UTF_8));
        return Hint.of(provider, delivery, "refs/heads/main"::equals);
    }
}
