package dev.ensembled.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotStateTest {

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "CRASHED, OutOfMemory, HEAP_FULL",
        "RUNNING, OutOfMemory, HEAP_FULL",
        "CRASHED, CrashLoop, NONE",
        "CRASHED, DiskBlank, NONE",
        "RUNNING, '', NONE"
    })
    void problemIsRecognizedByTheReason(Phase phase, String reason, Problem problem) {
        SlotState view = new SlotState(Optional.empty(), phase, reason, "", Disk.FINE, Optional.empty());

        assertThat(view.problem()).isEqualTo(problem);
    }
}
