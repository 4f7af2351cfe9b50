package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Unavailable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames that were published in a session of one process.
final class CatalogTest {
    private final Session q = Quiver.local(Options.defaults().slots(2).quiet());

    record Sale(String region, int amount) {}

    private DataFrame sales() {
        return q.of(Sale.class, List.of(new Sale("north", 1), new Sale("south", 2)));
    }

    @AfterEach
    void close() {
        q.close();
    }

    @Test
    void a_published_frame_is_found_by_its_name() {
        sales().filter(col("amount").gt(1)).publish("large");

        assertThat(q.catalog().names()).containsExactly("large");
        assertThat(q.catalog().frame("large").count()).isEqualTo(1);
    }

    @Test
    void it_stays_when_who_published_it_releases_it_until_its_name_is_taken_away() {
        sales().select("region").publish("regions").release();
        DataFrame regions = q.catalog().frame("regions");
        assertThat(regions.count()).isEqualTo(2);

        q.catalog().unpublish("regions");

        assertThat(q.catalog().names()).isEmpty();
        assertThatThrownBy(regions::count).isInstanceOf(Unavailable.class);
    }

    @Test
    void a_name_is_given_once_and_unknown_ones_are_refused() {
        sales().publish("sales");

        assertThatThrownBy(() -> sales().publish("sales"))
                .hasMessageContaining("can't be published as 'sales'");
        assertThatThrownBy(() -> q.catalog().frame("sale"))
                .hasMessageContaining("nothing is published as 'sale'")
                .hasMessageContaining("published: sales");
        assertThatThrownBy(() -> q.catalog().unpublish("sale"))
                .hasMessageContaining("nothing is published as 'sale'");
    }

    record Rates(Map<String, Double> perEuro) {}

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_published_value_is_found_by_its_name_and_read_by_tasks(boolean strict) {
        Options options = Options.defaults().slots(2).quiet();
        try (Session s = Quiver.local(strict ? options.strict() : options)) {
            s.publish("rates", new Rates(Map.of("CHF", 0.95)));

            QFuture<Rates> rates = s.catalog().value("rates");

            assertThat(s.catalog().names()).containsExactly("rates");
            assertThat(rates.result().perEuro()).containsEntry("CHF", 0.95);
            assertThat(s.map((n, r) -> n * r.perEuro().get("CHF"), List.of(100), rates).getFirst())
                    .returns(95.0, QFuture::result);
            assertThat(
                            s.submit(() ->
                                            Quiver.current()
                                                    .catalog()
                                                    .<Rates>value("rates")
                                                    .result())
                                    .result())
                    .isEqualTo(rates.result());
        }
    }

    @Test
    void frames_and_values_have_names_of_one_kind() {
        sales().publish("sales");
        q.publish("base", 40);

        assertThat(q.catalog().names()).containsExactly("base", "sales");
        assertThatThrownBy(() -> q.publish("sales", 1)).hasMessageContaining("of that name");
        assertThatThrownBy(() -> sales().publish("base")).hasMessageContaining("of that name");
        assertThatThrownBy(() -> q.catalog().frame("base"))
                .hasMessageContaining("'base' is a value, not a frame");
        assertThatThrownBy(() -> q.catalog().value("sales"))
                .hasMessageContaining("'sales' is a frame, not a value");
        q.catalog().unpublish("base");
        assertThat(q.catalog().names()).containsExactly("sales");
        assertThatThrownBy(() -> q.catalog().value("base"))
                .hasMessageContaining("nothing is published as 'base'");
    }
}
