FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# `node` is a devDependency for machines with an older Node; the image has the right one.
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production RESCUE_DATA=/data RESCUE_CATALOG=/etc/rescue/rescue.yml
COPY --from=packages /app/node_modules node_modules
COPY package.json manifest.yml ./
COPY bin bin
COPY src src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:9464/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENV NODE_COMPILE_CACHE=/data/cache
CMD ["node", "--max-semi-space-size=2", "--optimize-for-size", "bin/bot.mjs"]
