/** The page, the API and the hint to fetch, over HTTP, and the guard before every answer. Imports {@code daemon}, what it shows of {@code driver} and {@code git}, and the brain. */
package dev.ensembled.web;
