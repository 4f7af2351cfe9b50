package dev.quiver.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The live page with as many tasks in view as it is made for, in the system's Chromium.
@Tag("browser")
@Tag("nightly")
final class ManyTasksPageTest {
    private static final int SLOTS = 20;
    private static final int TASKS = 110_000;
    private static final int SHOWN = 100_000;
    private static final int FRAMES = 200;
    private static final double FRAME_MILLIS_MAX = 8;

    /// Notes how long the page's own script takes for each frame.
    private static final String TIMED =
            """
            window.frames95 = [];
            const ask = window.requestAnimationFrame.bind(window);
            window.requestAnimationFrame = draw => ask(time => {
              const began = performance.now();
              draw(time);
              window.frames95.push(performance.now() - began);
            });
            """;

    private static final String PERCENTILE_95 =
            """
            () => {
              const sorted = window.frames95.sort((a, b) => a - b);
              return String(sorted[Math.floor(sorted.length * 0.95)]);
            }
            """;

    @Test
    void a_frame_with_a_hundred_thousand_tasks_is_drawn_in_time_while_others_end() {
        try (Session session = Quiver.local(Options.defaults().slots(SLOTS).quiet());
                Chromium chromium = Chromium.start()) {
            Page page = chromium.page(1280, 900);
            page.addInitScript(TIMED);
            page.navigate(session.dashboard().toString());
            session.gather(tasks(session, TASKS, 2));

            List<QFuture<Integer>> going = tasks(session, TASKS, 10); // 2,000 a second
            page.locator("#tasks").focus();
            page.waitForCondition(() -> {
                page.keyboard().press("-");
                return shown(page) >= SHOWN;
            });
            page.evaluate("window.frames95.length = 0");
            page.waitForCondition(
                    () -> page.evaluate("window.frames95.length >= " + FRAMES).equals(true));
            double millis = Double.parseDouble((String) page.evaluate(PERCENTILE_95));

            assertThat(shown(page)).isGreaterThanOrEqualTo(SHOWN);
            System.out.printf("p95 of a frame with %d tasks: %.1f ms%n", shown(page), millis);
            assertThat(millis).isLessThanOrEqualTo(FRAME_MILLIS_MAX);
            going.forEach(QFuture::cancel);
        }
    }

    private static List<QFuture<Integer>> tasks(Session session, int count, long millis) {
        return session.map(
                number -> {
                    TimeUnit.MILLISECONDS.sleep(millis);
                    return number;
                },
                IntStream.range(0, count).boxed().toList());
    }

    private static int shown(Page page) {
        String words = page.locator("#stream-info").textContent();
        return Integer.parseInt("0" + words.replaceFirst(" tasks.*", "").replace(",", ""));
    }
}
