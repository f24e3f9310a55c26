# Images of our services and of Grafana with the plugin in it; docker-compose.yml picks them by target.
# The services run TypeScript as it is, so their images hold sources and runtime dependencies, no build.

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY contracts/package.json contracts/
COPY platform/package.json platform/
COPY database/package.json database/
COPY exporter/package.json exporter/
COPY sdk/package.json sdk/
COPY actions-api/package.json actions-api/
COPY demo-host/package.json demo-host/
COPY grafana-plugin/package.json grafana-plugin/
COPY standalone/package.json standalone/
COPY launcher/package.json launcher/

# Optional packages are Node and PostgreSQL for machines without Docker.
FROM manifests AS dependencies
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund -w contracts -w platform -w database -w exporter -w sdk -w actions-api -w demo-host -w launcher

FROM node:24-bookworm-slim AS service
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY contracts contracts
COPY platform platform
COPY database database
COPY sdk sdk
USER node

FROM service AS exporter
COPY exporter exporter
EXPOSE 9464 9466
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 9464}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "exporter/src/main.ts"]

FROM service AS actions-api
COPY actions-api actions-api
# The audit witness is appended to from here; a volume keeps it apart from the database.
USER root
RUN mkdir -p /var/lib/admin-center && chown node:node /var/lib/admin-center
USER node
EXPOSE 4000 9465
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "actions-api/src/main.ts"]

# The demo company's application.
FROM service AS demo-host
COPY demo-host demo-host
EXPOSE 4100
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4100}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "demo-host/src/main.ts"]

# One-shot preparation (schema, demo company, history, alert addresses) and the demo's simulator. The volumes take their
# owner from these folders when they are first used.
FROM service AS tools
COPY --from=prom/prometheus:v3.5.0 /bin/promtool /usr/local/bin/promtool
COPY exporter exporter
COPY launcher launcher
COPY provisioning provisioning
USER root
RUN mkdir -p /prepared /prometheus && chown node:node /prepared /prometheus
USER node
CMD ["node", "launcher/src/prepare.ts"]

FROM manifests AS plugin
RUN npm ci --no-audit --no-fund -w contracts -w grafana-plugin
COPY tsconfig.json tsconfig.base.json ./
COPY contracts contracts
COPY grafana-plugin grafana-plugin
RUN npm run build -w grafana-plugin

# Outside /var/lib/grafana: a volume there would keep the plugin of the first start for ever.
FROM grafana/grafana:13.2.2 AS grafana
ENV GF_PATHS_PLUGINS=/usr/share/grafana/admin-center
COPY --from=plugin /app/grafana-plugin/dist /usr/share/grafana/admin-center/cloudtolocalllm-admincenter-app
COPY provisioning/grafana /etc/grafana/provisioning
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"]
