# The daemon, as built by `mvn package`. What changes least comes first, so that a release moves only its last layers.
FROM eclipse-temurin:17-jre

WORKDIR /opt/ensembled
COPY target/quarkus-app/lib/ lib/
COPY target/quarkus-app/quarkus/ quarkus/
COPY target/quarkus-app/app/ app/
COPY target/quarkus-app/quarkus-run.jar ./

# Nothing below the root is written at run time; /tmp and /var/cache/ensembled are volumes.
ENV HOME=/tmp ENSEMBLED_GIT_CACHE=/var/cache/ensembled
USER 10001:10001
EXPOSE 8080

# In the entry point and not in JAVA_TOOL_OPTIONS, which stays free for whoever runs the image.
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1", "-jar", "/opt/ensembled/quarkus-run.jar"]
CMD ["run"]
