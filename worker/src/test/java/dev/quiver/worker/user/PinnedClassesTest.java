package dev.quiver.worker.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The numbers that classes travel as are the same in every version.
final class PinnedClassesTest {
    private static final int NUMBERS_MAX = 1000;

    @Test
    void each_number_still_means_the_class_that_it_meant() throws IOException {
        List<String> pinned = lines();
        List<String> registered = registered();

        for (int i = 0; i < pinned.size(); i++) {
            String now = i < registered.size() ? registered.get(i) : "nothing";
            assertThat(now)
                    .as(
                            "pinned-classes.txt says '%s', but the code registers '%s': closures"
                                + " that another version of Quiver packed would be read wrongly."
                                + " Give the number back to its class, and add new classes at the"
                                + " end",
                            pinned.get(i), now)
                    .isEqualTo(pinned.get(i));
        }
        assertThat(registered.subList(pinned.size(), registered.size()))
                .as("classes that have become pinned: add these lines to pinned-classes.txt")
                .isEmpty();
    }

    /// `number class`, in the order of the numbers, Kryo's own ones too.
    private static List<String> registered() {
        Kryo kryo = new UserCode(null).make();
        var lines = new ArrayList<String>();
        for (int id = 0; id < NUMBERS_MAX; id++) {
            Registration registration = kryo.getRegistration(id);
            if (registration != null)
                lines.add("%d %s".formatted(id, registration.getType().getTypeName()));
        }
        return lines;
    }

    private static List<String> lines() throws IOException {
        try (var stream = PinnedClassesTest.class.getResourceAsStream("pinned-classes.txt")) {
            if (stream == null) throw new IOException("no pinned-classes.txt beside this test");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
