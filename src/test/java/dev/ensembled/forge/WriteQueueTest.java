package dev.ensembled.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.forge.WriteQueue.Write;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final WriteQueue queue = new WriteQueue();
    private final List<String> sent = new ArrayList<>();
    private Kind failure;

    private void put(String place, String content) {
        queue.put(new Write(place, content, forge -> {
            if (failure != null) {
                throw new ForgeFailedException(failure, "no", "nothing");
            }
            sent.add(place + " " + content);
        }));
    }

    private Optional<ForgeFailedException> send() throws ForgeFailedException {
        return queue.send(null);
    }

    @Test
    void latestContentOfEachPlaceIsSent() throws Exception {
        put("status a", "pending");
        put("status b", "pending");
        put("status a", "success");
        send();

        assertThat(sent).containsExactly("status a success", "status b pending");
        assertThat(queue.size()).isZero();
    }

    @Test
    void contentThatIsThereIsNotSentAgain() throws Exception {
        put("status a", "success");
        send();
        put("status a", "failure");
        put("status a", "success");
        send();

        assertThat(sent).containsExactly("status a success");
    }

    @Test
    void writeThatFailsStaysUntilItSucceeds() throws Exception {
        for (Kind kind : List.of(Kind.TRANSIENT, Kind.CREDENTIALS)) {
            failure = kind;
            put("status " + kind, "success");
            put("comment", kind.name());
            assertThatThrownBy(this::send).isInstanceOf(ForgeFailedException.class);
            failure = null;
            send();
        }

        assertThat(sent)
                .containsExactly(
                        "status TRANSIENT success",
                        "comment TRANSIENT",
                        "status CREDENTIALS success",
                        "comment CREDENTIALS");
    }

    @Test
    void refusedContentIsDroppedAndOtherContentSent() throws Exception {
        failure = Kind.REQUEST;
        put("comment", "too long");
        assertThat(send()).get().extracting(ForgeFailedException::kind).isEqualTo(Kind.REQUEST);
        failure = null;
        put("comment", "too long");
        put("status a", "success");
        assertThat(send()).isEmpty();

        assertThat(sent).containsExactly("status a success");
    }

    @Test
    void oldestPlacesAreForgottenWhenThereAreTooMany() throws Exception {
        for (int i = 0; i < 1_500; i++) {
            put("status " + i, "success");
        }
        send();

        assertThat(sent).hasSize(1_000).last().isEqualTo("status 1499 success");
    }
}
