package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Actor;
import dev.quiver.client.Restorable;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Unavailable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An object whose worker stands still for so long that it counts as lost, and then goes on.
@Tag("nightly")
@Timeout(180)
final class FrozenActorTest {
    @TempDir private Path directory;

    interface Diary {
        int note(String entry);

        List<String> entries();

        long pid();
    }

    static final class Notes implements Diary, Restorable<List<String>> {
        private final List<String> entries = new ArrayList<>();

        @Override
        public int note(String entry) {
            entries.add(entry);
            return entries.size();
        }

        @Override
        public List<String> entries() {
            return entries;
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public List<String> snapshot() {
            return entries;
        }

        @Override
        public void restore(List<String> state) {
            entries.addAll(state);
        }
    }

    @Test
    void what_it_was_told_elsewhere_stays_when_its_old_worker_comes_back() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 2);
                Session q = cluster.connect();
                Actor<Diary> actor = q.actor(Diary.class, Notes::new)) {
            Diary diary = actor.get();
            diary.note("before");
            long home = diary.pid();

            signal("STOP", home);
            assertThatThrownBy(() -> diary.note("on its way")).isInstanceOf(Unavailable.class);
            assertThat(diary.note("meanwhile")).isEqualTo(2);
            assertThat(diary.pid()).isNotEqualTo(home);
            signal("CONT", home);
            cluster.awaitWorkers(2);
            List<QFuture<Integer>> tasks =
                    q.map(
                            n -> {
                                Thread.sleep(20);
                                return diary.note("task " + n);
                            },
                            IntStream.range(0, 40).boxed().toList());

            assertThat(q.gather(tasks)).doesNotHaveDuplicates().hasSize(40);
            assertThat(diary.entries()).hasSize(42).startsWith("before", "meanwhile");
        }
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor();
    }
}
