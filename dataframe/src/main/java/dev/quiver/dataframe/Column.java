package dev.quiver.dataframe;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the column of a record's component when neither its own name nor its snake-case form
/// (`depTime` for `dep_time`) fits.
///
/// ```java
/// record Flight(String carrier, int depTime, @Column("tailnum") String plane) {}
/// ```
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Column {
    /// The column's name; empty for that of the component.
    String value() default "";

    /// Digits of a `BigDecimal` when the record makes a column.
    int precision() default 18;

    /// Digits behind the point of a `BigDecimal` when the record makes a column.
    int scale() default 4;
}
