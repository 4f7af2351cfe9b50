package dev.quiver.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
    @Test
    void a_swap_of_neighbours_counts_one() {
        assertThat(NearestName.distance("regoin", "region")).isEqualTo(1);
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void the_nearest_name_is_found_whatever_its_case() {
        assertThat(NearestName.of("Regoin", List.of("product", "region", "amount")))
                .contains("region");
    }

    @Test
    void a_name_that_is_like_none_has_no_nearest() {
        assertThat(NearestName.of("zzz", List.of("product", "region"))).isEmpty();
        assertThat(NearestName.of("x", List.of())).isEmpty();
    }

    @Test
    void a_missing_column_is_an_error_in_three_parts() {
        var error =
                new ColumnNotFound("regoin", "Scan[sales.parquet]", List.of("region", "amount"));

        assertThat(error)
                .hasMessage(
                        """
                        no column 'regoin' in Scan[sales.parquet]   (COLUMN_NOT_FOUND)
                          has: region, amount
                          fix: did you mean 'region'? print df.schema() to list the columns\
                        """);
        assertThat(error.code()).isEqualTo(ErrorCode.COLUMN_NOT_FOUND);
    }
}
