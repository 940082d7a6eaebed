/** The page, the API and the hint to fetch, over HTTP. Imports {@code daemon} and the brain. */
package dev.ensembled.web;
