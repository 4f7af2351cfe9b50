package dev.quiver.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.cluster.control.TaskCodes;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.SharedCode;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CodeStoreTest {
    private static final int STAGE = 7;
    private static final byte APPLYING = 3;

    private final CodeStore codes = new CodeStore();

    /// The code of a task that calls a shared function.
    private static Bytes calling(int number) {
        return Bytes.of(new byte[] {APPLYING, 0, 0, 0, (byte) number, 42});
    }

    private static SharedCode function(int number) {
        return new SharedCode(number, Bytes.of(new byte[] {(byte) number, 1, 2, 3}));
    }

    @Test
    void a_function_is_told_a_worker_once_and_only_with_tasks_that_call_it() {
        codes.append(
                STAGE,
                new CodeBatch(
                        List.of(function(0), function(1)),
                        List.of(calling(0), calling(0), calling(1))));
        codes.append(STAGE, new CodeBatch(List.of(), List.of(calling(0))));
        var told = new BitSet();

        TaskCodes first = codes.range(STAGE, 0, 1, told);
        TaskCodes second = codes.range(STAGE, 1, 4, told);
        TaskCodes ofAnother = codes.range(STAGE, 3, 4, new BitSet());

        assertThat(first.codes().shared()).containsExactly(function(0));
        assertThat(second.codes().shared()).containsExactly(function(1));
        assertThat(second.codes().each()).containsExactly(calling(0), calling(1), calling(0));
        assertThat(ofAnother.codes().shared()).containsExactly(function(0));
    }

    @Test
    void a_worker_that_was_told_twice_has_what_its_tasks_call() {
        codes.put(
                new TaskCodes(STAGE, 5, new CodeBatch(List.of(function(0)), List.of(calling(0)))));
        codes.put(
                new TaskCodes(STAGE, 5, new CodeBatch(List.of(function(0)), List.of(calling(0)))));

        assertThat(codes.get(STAGE, 5)).isEqualTo(calling(0));
        assertThat(codes.shared(STAGE, 0)).isEqualTo(function(0).code());
    }

    @Test
    void a_function_that_nobody_sent_is_none() {
        codes.append(STAGE, new CodeBatch(List.of(), List.of(calling(9))));

        TaskCodes all = codes.range(STAGE, 0, 1, new BitSet());

        assertThat(all.codes().shared()).isEmpty();
        assertThat(codes.shared(STAGE, 9)).isEqualTo(Bytes.NONE);
    }
}
