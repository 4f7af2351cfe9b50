package dev.quiver.testkit;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.datafaker.Faker;

/// Values of a column that look like what its name and type say.
final class MadeUpValues {
    private static final long NUMBERS = 10_000;
    private static final int KINDS = 5;
    private static final int ELEMENTS_MAX = 3;
    private static final int DIGITS_MAX = 9;
    private static final int BYTES = 8;
    private static final LocalDate FIRST_DAY = LocalDate.of(2016, 1, 1);
    private static final int DAYS = 3_653;
    private static final int SECONDS_PER_DAY = 86_400;

    private static final Map<String, Function<Faker, String>> BY_NAME =
            Map.ofEntries(
                    Map.entry("first_name", f -> f.name().firstName()),
                    Map.entry("last_name", f -> f.name().lastName()),
                    Map.entry("full_name", f -> f.name().fullName()),
                    Map.entry("name", f -> f.name().fullName()),
                    Map.entry("customer", f -> f.name().fullName()),
                    Map.entry("user", f -> f.name().fullName()),
                    Map.entry("email", f -> f.internet().emailAddress()),
                    Map.entry("mail", f -> f.internet().emailAddress()),
                    Map.entry("url", f -> f.internet().url()),
                    Map.entry("ip", f -> f.internet().ipV4Address()),
                    Map.entry("phone", f -> f.phoneNumber().phoneNumber()),
                    Map.entry("street", f -> f.address().streetAddress()),
                    Map.entry("address", f -> f.address().fullAddress()),
                    Map.entry("zip", f -> f.address().zipCode()),
                    Map.entry("postcode", f -> f.address().postcode()),
                    Map.entry("city", f -> f.address().city()),
                    Map.entry("state", f -> f.address().state()),
                    Map.entry("country", f -> f.address().country()),
                    Map.entry("company", f -> f.company().name()),
                    Map.entry("iban", f -> f.finance().iban()),
                    Map.entry("product", f -> f.commerce().productName()),
                    Map.entry("color", f -> f.color().name()),
                    Map.entry("currency", f -> f.money().currencyCode()));

    private final Field field;
    private final Faker faker;
    private final Random random;

    MadeUpValues(Field field, Faker faker, Random random) {
        this.field = field;
        this.faker = faker;
        this.random = random;
    }

    /// The value of row `row`, of the class that `Values` lists for the type.
    Object value(int row) {
        boolean counted = field.name().equalsIgnoreCase("id");
        if (counted && field.type() instanceof DataType.Int type && row < max(type))
            return number(type, row + 1L);
        return value(field.name(), field.type());
    }

    private static long max(DataType.Int type) {
        int bits = type.signed() ? type.bits() - 1 : type.bits();
        return bits >= 63 ? Long.MAX_VALUE : (1L << bits) - 1;
    }

    private static Object number(DataType.Int type, long value) {
        return type.bits() == 64 && !type.signed() ? BigInteger.valueOf(value) : (Object) value;
    }

    private Object value(String name, DataType type) {
        return switch (type) {
            case DataType.Bool _ -> random.nextBoolean();
            case DataType.Int whole ->
                    number(whole, random.nextLong(Math.min(NUMBERS, max(whole))));
            case DataType.FloatingPoint _ -> random.nextLong(NUMBERS * 10) / 100.0;
            case DataType.Decimal(var precision, var scale) ->
                    BigDecimal.valueOf(
                            random.nextLong(
                                    BigInteger.TEN
                                            .pow(Math.min(precision, DIGITS_MAX))
                                            .longValueExact()),
                            scale);
            case DataType.Date _ -> day();
            case DataType.Timestamp(_, var zone) -> zone.isPresent() ? instant() : time();
            case DataType.Time _ -> LocalTime.ofSecondOfDay(random.nextInt(SECONDS_PER_DAY));
            case DataType.Duration _ -> Duration.ofSeconds(random.nextInt(SECONDS_PER_DAY));
            case DataType.Utf8 _ -> text(name);
            case DataType.Categorical _ -> "kind " + (char) ('a' + random.nextInt(KINDS));
            case DataType.Enumeration(var categories) ->
                    categories.get(random.nextInt(categories.size()));
            case DataType.Binary _ -> bytes();
            case DataType.ListOf(var element) ->
                    IntStream.range(0, random.nextInt(ELEMENTS_MAX + 1))
                            .mapToObj(i -> value(element.name(), element.type()))
                            .toList();
            case DataType.Struct(var fields) -> fields(fields);
        };
    }

    private List<Object> fields(List<Field> fields) {
        return fields.stream().map(f -> value(f.name(), f.type())).toList();
    }

    private LocalDate day() {
        return FIRST_DAY.plusDays(random.nextInt(DAYS));
    }

    private LocalDateTime time() {
        return day().atStartOfDay().plusSeconds(random.nextInt(SECONDS_PER_DAY));
    }

    private Instant instant() {
        return time().toInstant(ZoneOffset.UTC);
    }

    private byte[] bytes() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Function<Faker, String> known = BY_NAME.get(lower);
        if (known == null) known = BY_NAME.get(lower.substring(lower.lastIndexOf('_') + 1));
        return known == null ? faker.lorem().word() : known.apply(faker);
    }
}
