package dev.quiver.s3;

import dev.quiver.config.Settings;
import dev.quiver.config.Settings.Key;
import dev.quiver.config.Settings.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/// Which store is asked, and as whom. What Quiver's settings don't say is as everywhere with AWS:
/// system properties, environment variables, profiles.
///
/// @param endpoint of a store that isn't AWS's
/// @param anonymous whether requests aren't signed, for buckets that anybody may read
record S3Settings(Optional<URI> endpoint, Region region, boolean anonymous) {
    static S3Settings of(Settings settings) {
        Optional<URI> endpoint = endpoint(settings);
        return new S3Settings(
                endpoint,
                region(settings.value(Key.S3_REGION)),
                settings.setting(Key.S3_ANONYMOUS).truth());
    }

    private static Optional<URI> endpoint(Settings settings) {
        Setting setting = settings.setting(Key.S3_ENDPOINT);
        if (!setting.value().isEmpty()) return Optional.of(uri(setting));
        return Stream.of(
                        System.getProperty("aws.endpointUrlS3"),
                        System.getenv("AWS_ENDPOINT_URL_S3"),
                        System.getProperty("aws.endpointUrl"),
                        System.getenv("AWS_ENDPOINT_URL"))
                .filter(text -> text != null && !text.isBlank())
                .findFirst()
                .map(text -> uri(new Setting(Key.S3_ENDPOINT, text, "AWS_ENDPOINT_URL")));
    }

    private static URI uri(Setting setting) {
        String wanted = "the address of a store, such as https://minio.example.com:9000";
        try {
            var uri = new URI(setting.value().strip());
            boolean web = List.of("http", "https").contains(String.valueOf(uri.getScheme()));
            if (web && uri.getHost() != null) return uri;
            throw setting.invalid(wanted);
        } catch (URISyntaxException e) {
            throw setting.invalid(wanted, e);
        }
    }

    /// Of no bucket in particular: AWS tells where a bucket is.
    private static Region region(String said) {
        if (!said.isEmpty()) return Region.of(said);
        try {
            return new AwsRegionProviderChain(
                            new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                    .getRegion();
        } catch (SdkClientException none) {
            return Region.US_EAST_1;
        }
    }

    AwsCredentialsProvider credentials() {
        return anonymous
                ? AnonymousCredentialsProvider.create()
                : DefaultCredentialsProvider.builder().build();
    }

    /// Who is asked, for people.
    String store() {
        return endpoint.map(URI::toString).orElseGet(() -> "AWS, region " + region);
    }
}
